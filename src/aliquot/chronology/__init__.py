"""How old is it? Ages from isotope ratios, recomputable from the request that is kept with them.

`requests.answer` takes one request and gives one result; the other modules are the steps on the way. Everything is a
function of the request: no clock, no chance, no settings. Nothing is imported here, so that a command that
dates nothing does not wait for NumPy. docs/chronology.md says what is computed and after which papers.
"""
