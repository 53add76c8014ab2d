"""Which act does a mass or a date in a sentence belong to? The verbs of each act, and the parts of a sentence.

A number belongs to the act whose verb governs it: in "China gave France 1.5 g of samples brought back by Chang'e 5" to
the giving, not to the bringing.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from aliquot.reading.marks import Mark, Quantity, Sentence

# Where capsules come down.
_DOWN_TO_EARTH: Final = r"(?:inner mongolia|mongolian?|siziwang|kazakhstan|the pacific|the (?:north )?atlantic|northern china|the grasslands?|the (?:\w+ )?steppes?|the snow|the (?:\w+ )?desert|china)"
# What may follow "returned" where the craft itself comes back.
_CAME_BACK: Final = r"(?=\s*(?:on|in|at|late|early|last|this|safely|successfully|:|with|from|carrying|bearing|bringing|four|three|two|five|a (?:day|week|month)|\d|home|,|;|\.|$)(?![\w-]))"
ACTS: Final[dict[str, str]] = {
    "home": rf"(?<!was )(?<!were )(?<!been )(?<!be )(?<!never )(?<!is )(?<!are )(?<!samples )(?<!material )(?<!rocks )(?<!soil )(?<!in )return(?:ed|s|ing)?{_CAME_BACK}|(?<='s )(?:return|homecoming|arrival|re-?entry)\b(?! to the moon)(?! capsule)|(?:return|homecoming|arrival)(?= of (?:the |china's |its )?(?:chang|luna \d|apollo \d|probe|capsule|spacecraft|craft|mission|crew|astronauts))|"
    rf"(?:land(?:ed|ing|s)?|touch(?:ed|es|ing)?[ -]?down|set down|settled|came down|coming down|comes down|drop(?:ped|s)?|fell|fallen|thump\w+|thud\w+|bump\w+|plopp?\w+|drift\w+|float\w+|parachut\w+)[^.;,]{{0,30}}? (?:in|on|into|onto|to|at|over) {_DOWN_TO_EARTH}|"
    r"(?:was|were|is|been|got|made it|safely|arrived) (?:safely )?(?:back )?home|(?:was|were|is|are) (?:safely )?back(?= in | on (?:the )?(?:earth|ground)|,| again)|flew home|flown home|made (?:it|the (?:trip|journey)) (?:back )?(?:home|to earth)|reach(?:ed|es|ing) (?:the )?(?:earth|home)|(?:capsule|module|returner|container|vehicle)(?: was| is|,)? (?:recovered|found|retrieved|picked up)|(?:was|were|is|are) (?:picked up|recovered|retrieved|plucked)(?= (?:from|in|on) (?:the )?(?:snow|steppe|grassland|inner mongolia|kazakhstan|sea|ocean|pacific|siberia))|fell to earth|arriv(?:ed|es|ing)(?= (?:with|aboard|on board|on earth|in (?:19|20)\d\d))|(?:flew|brought|carried|delivered|hauled|took) (?:it|them|the (?:samples|soil|rocks|cargo|haul)) to (?:inner mongolia|earth|china|kazakhstan)|back (?:in|to) china|return(?:ed|ing|s)?(?: safely| successfully)? (?:back )?to (?:the )?earth|back (?:to|on) earth|landed (?:back |safely )*(?:on earth|in (?:inner mongolia|the pacific|"
    r"kazakhstan|siziwang))|land(?:ed|ing) (?:on|back on) earth|splash(?:ed|es|ing)?[ -]?down|touch(?:ed)? ?down (?:on earth|in (?:inner mongolia|northern china))|"
    r"re-?ent(?:ry|ered)|arriv(?:ed|al) (?:on|back on) earth|parachut\w+ (?:down |back )?(?:to|into|onto|on|in)\b|(?:return|descent|re-entry)? ?capsule was recovered|came (?:back|home)|returned home|(?:return|re-entry|descent) capsule (?:\w+ ){0,3}land\w*|posée? sur terre|posée? en mongolie|atterri\w* en mongolie|revenue? sur terre|retour sur terre|"
    r"zur erde zurück\w*|auf der erde gelandet|landete auf der erde|(?:返回器|返回舱)[^,。]{0,16}着陆|着陆于内蒙古|送回地球|返回地球|回到地球|地球着陆|地球に(?:帰還|着陸)|地球へ帰還|帰還し",
    "bring": r"brings|fetch(?:ed|es|ing)?(?!\s+(?:\w+\s+){0,3}?(?:US\s?)?\$)|snatch(?:ed|ing)?|grabb(?:ed|ing)|extract(?:ed|ing)|sampled|contribut(?:ed|ing|es)|suppli(?:ed|es)|produced|ended up with|wound up with|accounted for(?! by)|stuffed|filled|shipped (?:home|back)|sent (?:\w+ ){0,4}?(?:home|back|to earth)|got(?= (?:\w+ ){0,2}?\d{2,}[\d.,]* ?(?:g|grams|kg|kilos?)\b)|(?<!in )(?:managed|fetched|bring|collect|fetch|haul|deliver|scoop|gather|return|add(?:ed|s)?|in its belly (?:was|were)|on board (?:was|were))(?= (?:[\w-]+ ){0,5}?(?:\d[\d,.]* ?(?:kg|g|lb|kilo|gram|pound)|kilo|gram|pound|ounce))|flown (?:back )?(?:home|to (?:the )?earth)|(?:managed|netted|secured|bagged|harvested|amassed|came away with|dug up)(?= (?:\w+ ){0,4}?(?:grams|g|kg|kilograms|kilos|pounds|ounces|oz|lb|lbs|milligrams|mg)\b)|collect(?:ed|ing|s)?|collection(?= of (?:the )?(?:samples?|rocks?|lunar|soil))|br(?:ought|ings?|inging)(?: \w+){0,7}? (?:back|home|to earth)|brought(?!\s+(?:\w+ ){0,2}?(?:US\s?)?\$)|retriev(?:ed|es|ing|al)|"
    r"(?<!in )return(?:ed|ing|s)?(?! (?:to (?:the )?moon|the (?:favou?r|compliment|gesture|gift|courtesy)|present|gift|offering|visit|capsule|vehicle|module|missions?|flights?|journey|trip|ticket)\b)|gather(?:ed|ing)|haul(?:ed|ing)?|hauls|delivers|gathers|scoops|amass(?:ed|es|ing)|came away with|comes away with|scoop(?:ed|ing)|picked[^.,;]{0,25}? up|drill(?:ed)|carr(?:ied|ies|ying)[^,;]{0,50}? (?:back|home|to earth)|carried (?:back|home)|yield(?:ed|s)|acquired|"
    r"ferried|deliver(?:ed|ing)(?= [^.]{0,40}(?:earth|grams|kilo|\d ?kg|\d ?g\b))|carried(?![^;]{0,40} from (?-i:[A-Z]))(?= (?:[\w.,-]+ ){0,4}?(?:kg|g|grams?|kilo\w*)\b)|recovered(?= by (?:the )?(?:chang|luna|apollo|soviet)| (?:\w+ ){0,2}?\d[\d.,]* ?(?:kg|g|grams?|kilo\w*)\b)|obtained|rapport\w+|ramen\w+|recueill\w+|prélev\w+|ramass\w+|collect[ée]\w*|gesammelt|sammelt\w*|"
    r"(?:mit|zurück)?gebracht|brachte\w*|(?:zurück|mit)brachte\w*|geborgen|zurückgeholt|带回|采回|取自|采自|采集|取回|采得|获取|采样返回|钻取|采来|挖取|持ち帰[ぁ-ん]{0,4}|採取|回収|採集|獲得",
    "land": r"(?:came|come|comes|coming) down|(?:put|placed|set|sent)(?= (?:\w+ ){0,4}?(?:humans|men|people|astronauts|crew|footprints)[^.;,]{0,20} on the moon)|made (?:its|a|the) (?:\w+ ){0,2}?(?:landing|touchdown)|settled (?:down )?on(?:to)?|sets down|alighted|soft-landed|land(?:ed|ing|s)?(?! on earth| capsule)|touch(?:ed|ing)?[ -]?down|set down|soft-land\w*|alunis?s?\w+|atterri\w+|posée? sur la lune|s'est posée?|landete\w*|gelandet|aufgesetzt|登上月球|踏上月球|登陆|落月|着陆|軟着陸|着陸",
    "launch": r"launch(?:ed|ing)?(?! (?:a|an|its|the) (?:call|initiative|campaign|platform|investigation|hunt|search|program))|lift(?:ed|s|ing)?[ -]?off(?! (?:from )?the (?:moon|lunar))|went up|goes up|blast(?:ed|s|ing)?[ -]?off|took off|takes off|left (?:the )?(?:earth|hainan|wenchang|cape|baikonur|launch pad|ground)|rocketed|roared (?:off|into|aloft)|set off|set out|was sent (?:up|aloft|into space|on its way)|departed|lancée?s?|lancement|décoll\w+|gestartet|startete|发射|升空|起飞|打ち上げ[ぁ-ん]{0,4}",
    "give": r"hands(?= (?:over )?(?:[\w.]+ ){0,3}?(?:grams?|g|mg|milligrams?)\b)|got(?= (?:the same|as much|(?:a |an |one |its |the |\d)[^;]{0,24}gram))|(?:provided|handed|sent|made available)(?=[^.;]{0,60} as (?:an? |state |diplomatic )*(?:gift|present)s?\b)|(?:came|come|comes|gone|walked) away from [^.;,]{0,40} with|(?:paid|pays|paying) (?:it|him|them|xi|the (?:gift|debt|favou?r)) back|sent (?:over|along)|carried(?= [^.;,]{0,40}\bfrom (?-i:[A-Z]))|回赠|各得|各获|受赠|分别得到|chang(?:ed?|es|ing) hands(?! (?:again,? )?for)|(?:went|goes|gone|going|go)(?= (?:out )?to (?:the )?(?-i:[A-Z]))|went home (?:from \w+ )?with|(?:flew|sent|came|travelled|traveled) home with|went away with|courtesy of|pass(?:ed|es|ing)(?= (?:[^\s;,]+ ){0,6}?to (?!the (?:museum|academy)))(?! (?:through|by|into|from|custody))|made (?:a )?(?:present|gift)s? of|brought (?:along|with (?:him|her|them))|repaid|reciprocated|returned the (?:favou?r|gesture|compliment|gift|courtesy)|(?:answered|replied|responded|countered)(?=[^.;]{0,40} with [^.;]{0,40}\b(?:grams?|milligrams?|mg|g)\b)|gave|giv(?:e|es|en|ing)(?! (?:the|its|rise|insight|new|a glimpse))|gift(?:ed|s|ing)?|present(?:ed|s|ing)?(?=[ ,.;])(?! day| in )|donat(?:ed|es|ing|ion)|bestow\w*|offered|received?|receives|"
    r"handed(?! (?:over|out|back|down|to NASA))|t(?:ook|aken|aking) (?:delivery|possession) of|thank(?:ed|s|ing)?(?= [^.;]{0,60}\bfor (?:\w+ ){0,3}?(?:gift|present|donation))|don|offert\w*|offrir|cadeau|remis(?:e|es)?|reçu\w*|donn(?:é|ée|és|ées|er|ait)|schenk\w*|geschenk\w*|überreich\w*|übergab|erhielt\w*|erhalten|bekam\w*|bekommen|"
    r"赠送|赠予|赠与|赠给|送给|送出|赠|国礼|礼物|获赠|捐赠|赠礼|寄贈|贈[ぁ-ん]{0,4}|贈られ",
    "lend": r"(?:were|was|are) out(?=[.,;]| on | with )|(?:may|can|will) keep(?= (?:its|the|their) )|(?<=were )out(?= (?:in|by|at|as of) )|picked(?! up)|(?:took|takes|taken) (?:home|away)|issu(?:ed|es|ing)(?= (?:[\w.,]+ ){0,4}?(?:grams|g|mg|milligrams|samples|lots)\b)|said yes to|says? yes to|g(?:ave|ives?|iven|ot|et) (?:the|its|their|her|his) (?:nod|blessing|approval|consent|go-ahead)|signed off on|(?:made|make|makes|making) (?:the cut|it through|the list|the grade|the final selection)|(?:w[io]n|wins|won) (?:access|approval|out|through|a share|a place|samples?)|prevailed|(?:will|is to|are to|can now|may now|set to|about to) (?:\w+ )?(?:study|analy[sz]e|examine|investigate|work (?:on|with)|measure|date|get)|(?:travell?ed|made (?:its|their) way|found (?:its|their) way|(?:sent|shipped|dispatched|posted))(?= to)|"
    r"get(?:s|ting)?(?= (?:[\w-]+ ){0,5}?(?:samples?|grams?|milligrams?|mg|vials?|dust|soil|rocks?|portions?|specimens?)\b)|(?:went|gone|goes|go|going)(?= (?:\w+ )?to (?:\w+ ){0,4}?(?:institut\w+|universit\w+|lab\w+|scientists|researchers|teams|groups|borrowers|applicants|bodies))|(?:has|have|had) had(?=[^.;,]{0,70} out\b)|"
    r"out (?:with|among)(?= (?:\w+ ){0,2}?(?:scientists|researchers|schools|teachers|museums|lab\w+|universit\w+|institut\w+|borrowers))|got(?! (?:[\w-]+ ){1,5}?back\b)(?= (?:[\w.,-]+ ){0,6}?(?:grams?|milligrams?|mg|vials?|samples?|grains|portions?|dust|soil|rocks?|specimens?)\b)|(?:at|to) (?:the|its|their) disposal(?: of)?|cleared to|let near|"
    r"lend(?:s|ing)?|lent|loan(?:ed|s|ing)?|on loan|borrow\w*|shar(?:ed|es|ing)|(?<!its )(?<!their )(?<!a )(?<!'s )share(?! of)|distribut\w+|releas(?:ed|ing|es?)|grant(?:ed|ing|s)?|access|"
    r"available|provid(?:ed|es|ing|e)|allocat\w+|allott\w+|apportioned|issued to|doled out|parcelled out|approv\w+|select(?:ed|ion)|handed out|allowed to|permitted to|awarded|chosen|successful|prêt\w*|emprunt\w*|partag\w+|accès|retenu\w*|"
    r"sélectionn\w+|distribu\w+|verlieh\w*|ausgeliehen|leih\w*|verliehen|ausgewählt|Zugang|bewilligt\w*|genehmigt\w*|入选|中选|获选|分到|借走|借到|拿到|领到|领取|分得|借用|借出|出借|发放|分发|批准|获批|通过|共享|提供|获得|借|貸し出[ぁ-ん]{0,4}|貸与|借り受け[ぁ-ん]{0,4}|承認|配ら[ぁ-ん]{0,4}|配布|配分|届",
    "exchange": r"in (?:return|exchange) for(?! (?:its|his|her|their|the|a|this|that) (?:\w+ )?(?:gifts?|visit|present|favou?r|gesture|help|support))|trades?(?= (?:\w+ ){0,3}?(?:samples?|rocks?|soil|grams?|dust|pieces?))|barter(?:ed|ing)?|exchang(?:ed?|es|ing)|swap(?:ped|ping|s)?|traded|échang\w+|ausgetauscht|tauscht\w*|交换|互换|交換",
    "transfer": r"交给|交予|转给|(?:custody|possession|ownership)[^.;,]{0,60} pass(?:ed|es)|pass(?:ed)? (?:from|into)|took in(?=[^.;]{0,30}gram)|took charge of|transferr?\w*|hand(?:ed|ing)?(?: \w+){0,4} over|handover|deposit(?:ed)?|accession\w*|entrusted|turned over|(?:moved|taken|sent|relocated|shipped|consigned)(?=[^.;,]{0,50}\bto (?:a|the|its|an) [^.;,]{0,40}(?:store|storage|vault|facility|repository|archive|museum|backup))|移交|交接|交付|入藏|转交|引き渡[ぁ-ん]{0,4}|remise? |confiée?s?|übergeben|überführt",
    "sell": r"under the hammer|hammer (?:fell|came down|price)|found (?:a|its|their) (?:new )?buyer|(?:was|were) (?:bought|purchased)|paid(?= [^.;]{0,20}\$)|sold|sells?|selling|auction\w*|fetched|went for|changed hands for|knocked down|bidder|vendue?s?|enchères|verkauft|versteigert\w*|拍卖|售出|卖出|落札|売却|競売",
    "ask": r"希望(?:得到|获得|借)|想借|wanted(?= [^.;]{0,24}(?:gram|mg\b|sample))|hoped for(?= [^.;]{0,24}(?:gram|mg\b|sample))|put in (?:a |its |their )?(?:request|bid|application)|petition\w*|pitched for|request(?:ed|ing|s)?|appl(?:y|ied|ies|ying)|asked(?: for| to)?|sought|seek(?:s|ing)?|applicants?|demand\w+|candidat\w*|beantrag\w*|beworben|bewarb\w*|申请|申請|请求|要求",
    "refuse": r"(?:said|says|say) no|(?:thrown|threw) out(?= by|[^.;,]{0,30} (?:request|application|bid|proposal))|knocked back|snubb\w*|spurned|brushed off|shot down|vetoed|turn(?:ed|s|ing)?(?= (?:[\w']+ ){1,3}down\b)|回绝|turn(?:ed|s|ing)? (?:\w+ ){0,3}?away|sent away|(?:left|came|went) (?:away )?empty-handed|knocked back|snubbed|spurned|said no to|missed out|(?:was|were|been) unsuccessful|reject(?:ed|ion|s)?|refus(?:ed|al|es|ing)|turn(?:ed|s|ing)? (?:(?:it|them|(?:the|a|an|any|NASA's|this|that) (?:\w+ ){0,2}(?:request|application|bid)) )?down|declin(?:ed|es)|denied|rebuff\w*|refus\w*|abgelehnt|lehnte|拒绝|拒否|婉拒|断っ[ぁ-ん]{0,4}",
    "hold": r"compris\w+|amounts? to|runs? to|numbers(?= \d)|behind (?:\w+ )?doors?|under lock|locked (?:up|away)|in (?:a |the |its |steel )?(?:vaults?|cabinets?|safes?|cellars?)|holdings|inventory|catalogue|tally|guards?|guarded|guarding|sits?|lies?|lying|belongs? to|(?:is|are) home to|looks? after|looked after|safeguard\w*|in the (?:care|custody|keeping) of|hous(?:ed|es|ing)|kept|keep(?:s|ing)?|stor(?:ed|es|age)|held|holds?|holding|preserv\w+|remain(?:s|ed)?|can be found|look after|resides?|rests?|collections? (?:of|include|comprise)|(?<!their )(?<!its )(?<!his )(?<!her )(?<!our )(?<!my )own(?:s|ed)?|possess\w*|"
    r"conserv\w+|comptent|détient|abrite|aufbewahrt|lagert|lagern|befinde\w*|现存|存于|存储|备份|保存|收藏|保管|现藏|藏于|存放|封存|珍藏|藏品|所蔵|保有",
    "show": r"show(?:ed|s)(?! that| how| up| no)|(?:can|may|could) (?:still |now |also )?be (?:seen|viewed|admired)|(?:can|could|may|to|will|able to) (?:\w+ )?(?:see|view|admire|inspect|look at|gaze at|marvel at|peer at)|(?:in|behind) (?:a |the |its )?(?:glass(?: case)?|showcase|vitrine|rotunda|foyer|lobby|display case)|on (?:permanent|temporary|special) (?:display|exhibit(?:ion)?|show)|(?:made|making|makes) (?:its|their) (?:\w+ )?debut|(?:the )?(?:star|centrepiece|centerpiece|highlight)(?: attraction| exhibit)? of|(?:can|may|could) (?:now )?be (?:seen|viewed|admired)|on (?:public )?(?:display|show|view)|display(?:ed|s|ing)?|exhibit(?:ed|s|ion|ing)?|showcas\w+|unveil\w+|shown|went on show|visitors|exposée?s?|exposition|ausgestellt|Ausstellung|gezeigt|展出|陈列|与观众见面|展览|展示|亮相|参观|公开",
    "lose": r"adrift|(?:threw|throws|throw) (?:\w+ ){1,3}?(?:out|away)|(?:shovell?ed|swept|tipped|bulldozed|chucked|tossed|carted) (?:\w+ ){0,3}?(?:on|in|to|on to|onto|into)(?= (?:a|the))|(?:walk|r[au]n|ma[dk]e|drove|got|slipp)\w* (?:off|out|away) (?:\w+ ){0,4}?with|(?:do|does|did)(?: not|n't) know where|(?:no one|nobody) knows where|fate(?= [^.;]{0,60}\b(?:unknown|unclear|a mystery))|(?:thieves|burglars|robbers|a thief) (?:\w+ ){0,3}?(?:took|grabbed|snatched|broke into|helped themselves)|(?<=was )taken from (?:a|its|the) (?:\w+ )?(?:museum|display|case|cabinet|planetarium|office|palace|gallery)|nicked|pinched|mislaid|filched|purloined|(?:makes?|making|made|runs?|walks?) off with|steals?|thieves|burglars|robbers|(?:went|gone|go) (?:astray|walkabout|awol)|(?:end(?:ed|s)?|finished|wound|land(?:ed|s)?) (?:up )?(?:on|in) (?:a|the|some) (?:\w+ )?(?:dump|tip|landfill|skip|rubbish\w*|trash|bin|garbage|incinerator)|went up in (?:flames|smoke)|perished|(?:hasn't|has not|haven't|have no|has no|without) (?:a |any |the faintest )?(?:clue|idea|record|trace) (?:\w+ )?where|(?:lost|losing) track of|(?:never|not) (?:been )?(?:seen|heard of) (?:again|since)|(?:unable|failed|could not|cannot|can no longer|couldn't|can't) (?:to |be )?(?:find|found|locate|located|trace|traced)|no trace of|lose|loses|losing|loss of|lost|stolen|theft|stole|missing|unaccounted|vanish\w*|disappear\w*|destroyed|misplaced|made off with|ran off with|walked off with|pilfered|swiped|looted|landfill|thrown (?:away|out|on|onto|into)|discarded|dumped|binned|incinerated|burn(?:ed|t) (?:down|up)|whereabouts|robbed|cannot be (?:found|located|traced)|can't be found|not accounted for|never (?:received|delivered|got|handed over)|perdue?s?|volée?s?|disparue?s?|gestohlen|verschwunden|verloren|vermisst|埋进|烧毁|焚毁|不知去向|去向不明|不翼而飞|流失|失窃|偷走|盗走|被偷|被盗|丢失|下落不明|遗失|紛失|盗ま[ぁ-ん]{0,4}|行方不明",
    "find": r"(?:got|gets|won) (?:its|theirs?|their) (?:own |rock |stone )?back|(?:got|gotten|won|brought) back(?! to earth)|got hold of|(?:laid|got) (?:\w+ )?hands on|(?:gets?|got|getting) (?:\w+ ){1,4}?back|(?:could|can|has|have|had|managed to|were able to) account(?:ed)? for|r[au]n (?:\w+ ){1,5}?to earth|unearthed|tracks? down|tracking down|dug (?:up|out)|grabbed(?= (?:it|them|the (?:rock|stone|piece)))|impounded|nabbed|(?:came|come|comes) to light|(?:re)?surfaced|re-?emerged|handed back|given back|retriev(?:ed|es)(?= (?:it|them))|recover(?:ed|s|y|ing)?|found|finds?(?! that)|locat(?:ed|ing)|tracked down|trac(?:ed)|retrouvée?s?|gefunden|wiedergefunden|aufgetaucht|seized|confiscated|turned up|resurfaced|rediscovered|找回|追回|寻回|発見|見つか[ぁ-ん]{0,4}",
    "weigh": r"(?:has|have|had) a mass|with a mass|tips? the scales?|weigh(?:s|ed|ing|t)?|pèse\w*|wiegt|wog|重量|重达|重|重さ",
    "expect": r"(?:hop|aim)(?:ed|es|ing)? (?:for|at)|(?:target|goal|aim) (?:of|was|had been)|capacity|expected to (?:bring|return|collect|yield)|hop(?:es|ed|ing) to (?:bring|return|collect)|aim(?:s|ed|ing)? to (?:bring|return|collect|gather)|plan(?:s|ned)? to (?:bring|return|collect)|designed to|intended to",
}  # fmt: skip
_HAN: Final = re.compile(r"[\u3040-\u9fff]")


def _forms(words: str) -> list[str]:
    """Return the forms of an act: parted by each | that stands in no bracket."""
    found, depth, start = [], 0, 0
    for at, c in enumerate(words):
        depth += (c in "([") - (c in ")]")
        if c == "|" and not depth:
            found.append(words[start:at])
            start = at + 1
    return [*found, words[start:]]


def _either(words: str) -> str:
    """Return a pattern of the forms of an act: whole words in Latin letters, anything in Han."""
    for part in ("[^.;,]", "[^.;]", "[^.,;]", "[^.]"):  # the point of "1.5 grams" ends nothing
        words = words.replace(part, rf"(?:{part}|[.,](?=\d))")
    forms = _forms(words)
    latin = "|".join(form for form in forms if not _HAN.search(form))
    return "|".join(
        [rf"(?<![A-Za-zÀ-ÿ-])(?:{latin})(?![A-Za-zÀ-ÿ])", *(form for form in forms if _HAN.search(form))]
    )


_ONE: Final = re.compile(
    "|".join(f"(?P<{act}>{_either(words)})" for act, words in ACTS.items()), re.IGNORECASE
)
_BOUNDARY: Final = re.compile(
    r"[;。]|:(?= [A-Z])|,?\s\b(?:while|whereas|but|although|though|followed by|yet|before(?! (?:the (?:end|decade)|\d|[A-Z]|dawn|noon|then))|compared (?:with|to)|unlike|tandis que|mais|während|aber)\b|"
    r",(?=[^,，]{0,24}(?:嫦娥|阿波罗|月球\d))|，|,\s+and\s+(?=(?:the|a|an|it|its|they|he|she|in|on|China|NASA|Chang|Apollo|Luna|another|later)\b)|,\s+and\s+(?=[A-Z]\w+ (?:is|was|are|were|has|have|had|hopes|wants|plans|will|would|did|\w{2,}ed)\b)"
)


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb or noun of one act, with its place."""

    act: str
    start: int
    end: int
    text: str
    is_participle: bool = (
        False  # "samples brought back by": it says what the samples are, and is not what is told
    )


_MATTER: Final = re.compile(
    r"(?:samples?|rocks?|soils?|materials?|dust|regolith|basalts?|lavas?|stones?|fragments?|specimens?|grams?|kilograms?|pieces?|those|grains|échantillons|"
    r"Proben|Gestein),?\s*(?:from the (?:Moon|lunar surface|\w+ side of the Moon)\s*)?(?:(?:that|which)\s+(?:\S+\s+){0,5})?(?:(?:was|were|had been|have been|has been)\s+)?(?:first |originally |previously )?$",
    re.IGNORECASE,
)


def _is_participle(text: str, match: re.Match[str], before: str) -> bool:
    after = text[match.end() : match.end() + 1]
    if _HAN.search(match[0]):
        return after == "的" or (match[0].endswith("た") and after not in ("", "。", "、", ",", "」"))
    return bool(_MATTER.search(before)) and not re.search(r"\b(?:was|were|been)\s+(?:\w+\s+)?$", before)


@lru_cache(maxsize=64)
def _verbs(text: str) -> tuple[Verb, ...]:
    found = []
    for match in _ONE.finditer(text):
        act = match.lastgroup or ""
        before = text[max(0, match.start() - 60) : match.start()]
        participle = act in ("bring", "home") and _is_participle(text, match, before)
        found.append(Verb(act, match.start(), match.end(), match[0], participle))
    return tuple(found)


def verbs(sentence: Sentence, *acts: str) -> tuple[Verb, ...]:
    """Return the verbs of these acts, in order; of all acts when none is named."""
    found = _verbs(sentence.text)
    return tuple(verb for verb in found if verb.act in acts) if acts else found


@lru_cache(maxsize=64)
def _boundaries(text: str, language: str) -> tuple[int, ...]:
    found = [match.start() for match in _BOUNDARY.finditer(text)]
    if language == "zh":
        found += [match.start() for match in re.finditer(",", text)]
    return tuple(sorted(found))


def crosses(sentence: Sentence, a: int, b: int) -> bool:
    """Whether a boundary between clauses lies between two places."""
    found = _boundaries(sentence.text, sentence.language)
    return bisect_left(found, min(a, b)) < bisect_left(found, max(a, b))


def clause(sentence: Sentence, low: int, high: int, at: int) -> tuple[int, int]:
    """Return the part from `low` to `high` of a sentence, cut to the clause that a place lies in."""
    for match in _BOUNDARY.finditer(sentence.text, low, high):
        if match.end() <= at:
            low = match.end()
        elif match.start() > at:
            return low, match.start()
    return low, high


_PASSIVE: Final = re.compile(
    r"^[^.;]{0,60}?\b(?:was|were|has been|have been|had been|will be|is|are|a été|ont été|wurden?|worden)\s",
    re.IGNORECASE,
)


def governing(sentence: Sentence, mark: Mark) -> Verb | None:
    """Return the verb that a mass, sum or count belongs to."""
    every = verbs(sentence)
    before = [
        verb for verb in every if verb.end <= mark.start and not crosses(sentence, verb.end, mark.start)
    ]
    after = [verb for verb in every if verb.start >= mark.end and not crosses(sentence, mark.end, verb.start)]
    if sentence.language == "ja" and after:
        return after[0]
    relative = after and after[0].is_participle and any(sentence.within(mark.end, after[0].start, "mission"))
    if relative:  # "the 1,731 grams that Chang'e 5 hauled home"
        return after[0]
    main = [verb for verb in after if not verb.is_participle]
    passive = _PASSIVE.match(sentence.text[mark.end :]) if main else None
    if (
        main
        and passive
        and passive.end() + mark.end <= main[0].start + 14
        and "," not in sentence.text[mark.end : main[0].start]
    ):
        return main[0]
    if before and mark.start - before[-1].end < 110:
        return before[-1]
    if after and after[0].start - mark.end < 90:
        return after[0]
    return (
        before[-1]
        if before
        else (after[0] if after else min(every, key=lambda v: abs(v.start - mark.start), default=None))
    )


def masses(sentence: Sentence, *acts: str) -> tuple[tuple[Mark, Verb], ...]:
    """Return the masses that belong to these acts, or to any where none is named, each with its verb."""
    found = ((mark, governing(sentence, mark)) for mark in sentence.all("mass"))
    return tuple((mark, verb) for mark, verb in found if verb and (not acts or verb.act in acts))


def date_of(sentence: Sentence, verb: Verb, *, reach: int = 130) -> Mark | None:
    """Return the date that belongs to a verb: the nearest, unless another verb stands between."""
    every = [other for other in verbs(sentence) if other.act in _DATED]
    best: tuple[float, Mark] | None = None
    for mark in sentence.all("date"):
        ahead = mark.start >= verb.end
        low, high = (verb.end, mark.start) if ahead else (mark.end, verb.start)
        distance: float = high - low + (40 if ahead and sentence.language in ("zh", "ja") else 0)
        between = [
            o for o in every if o is not verb and low <= o.start and o.end <= high and o.act != verb.act
        ]
        opens = mark.start < 14 and not ahead
        if (
            verb.is_participle
            and not (_HAN.search(verb.text) and distance < 12)
            and (not ahead or distance > 60 or (between and distance > 25))
        ):
            continue
        if any(not o.is_participle for o in between):
            distance += 15 if opens else 60
        heads = opens and HEADS.match(sentence.text, mark.end)  # "1970: Luna 16 brings ..."
        if crosses(sentence, low, high) and not heads:
            distance += 180 if ";" in sentence.text[low:high] else 80
        if (
            not ahead
            and _SUBORDINATE.match(sentence.text)
            and "," in sentence.text[low:high]
            and "," not in sentence.text[: mark.start]
        ):
            distance += reach
        nearer = [
            other
            for other in every
            if other is not verb
            and _follows(sentence, other, mark)
            and not _has_nearer(sentence, other, mark)
        ]
        if verb.act != "lend" and _SAYING.search(sentence.text[max(0, mark.start - 34) : mark.start]):
            continue
        if nearer and (
            not ahead
            or (nearer[-1].start > verb.start and nearer[-1].act in _FLIGHT and verb.act not in _FLIGHT)
        ):
            continue
        if distance <= reach and (best is None or distance < best[0]):
            best = (distance, mark)
    return best[1] if best else None


def _has_nearer(sentence: Sentence, verb: Verb, date: Mark) -> bool:
    """Whether a verb stands right behind another date: "on 3 May with a launch and on 25 June with a landing"."""
    return any(
        mark is not date
        and 0 <= verb.start - mark.end < date.start - verb.end
        and not crosses(sentence, mark.end, verb.start)
        for mark in sentence.all("date")
    )


HEADS: Final = re.compile(r"\W{0,3}[:|–—-]")
# "After the landing in July 1969, Nixon gave ...": the date is not that of the giving.
_SUBORDINATE: Final = re.compile(r"(?:After|Since|Following|Before|Nach|Seit|Après|Depuis)\b(?! \d)")
_FLIGHT: Final = ("home", "bring", "land", "launch")
# "said on Monday": the day of the saying. Of a loan it is the day of the approval, which is announced.
_SAYING: Final = re.compile(
    r"\b(?:said|says|announced|reported|told \w+|added|wrote|confirmed|stated)\b(?: in a \w+)?(?: on)?\s*$",
    re.IGNORECASE,
)
_BEHIND: Final = 60  # characters
_DATED: Final = (
    "home",
    "bring",
    "land",
    "launch",
    "give",
    "lend",
    "exchange",
    "transfer",
    "sell",
    "show",
    "ask",
    "refuse",
    "lose",
    "find",
)


def _follows(sentence: Sentence, verb: Verb, date: Mark) -> bool:
    """Whether a date stands right behind another verb, and so belongs to it; in Han it stands before its own."""
    if sentence.language in ("zh", "ja"):
        return False
    return 0 <= date.start - verb.end < _BEHIND and not crosses(sentence, verb.end, date.start)


def day_of(sentence: Sentence, verb: Verb) -> str:
    """Return the date that belongs to a verb, empty where there is none."""
    mark = date_of(sentence, verb)
    return mark.name if mark else ""


def mass_of(sentence: Sentence, *acts: str) -> Quantity | None:
    """Return the first mass that belongs to one of these acts."""
    return next((mark.quantity for mark, _ in masses(sentence, *acts)), None)
