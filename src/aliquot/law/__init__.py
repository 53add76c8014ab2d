"""The law as data: one YAML file an instrument, `vocabulary.yaml` with the questions, and the schemas of both."""
