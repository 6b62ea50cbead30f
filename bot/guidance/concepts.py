"""Finding the answer to a question about the dynamic by the words that they share."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from bot import paths, yaml_files
from bot.guidance.entries import Concept
from bot.guidance.library import Library
from bot.reading.typos import Typos, vocabulary

# The score (0 to about 1) that an answer needs: for a question that stands alone, and for one among other words.
NEAR_ENOUGH = 0.42
NEAR_ENOUGH_AMONG = 0.5
# How like (0 to 1) one known way a line has to be that asks nothing by its form.
_NEARLY_SAME_WORDS = 0.85
_WORD_FOR_WORD = 2.0  # the score of a known way as it stands, above any other
# What the score is made of: the nearest known way of asking, all ways of one answer together, and the answer's own words.
_NEAREST, _TOGETHER, _ANSWERED = 0.45, 0.55, 0.35
# Share of what a question is about that the answer found has to know; less where it speaks of another person, for then it is
# hardly about jars and sofas.
_COVERED, _COVERED_BETWEEN = 0.5, 0.25
_OFTEN = 0.5  # the smaller, the less it matters in how many ways of one answer a word stands
# Weights of what is no word of the matter. A word of the matter weighs 0.7 to 5, the more the fewer answers have it.
_PERSON, _ASKED, _NOT, _PAIR, _ASKED_WHO, _NUMBER = 2.0, 3.0, 1.0, 0.6, 2.0, 2.0
# An unknown word weighs as much as the rarest known one, down to this share of it where it is among the commonest of English.
_COMMON, _RARE = 0.4, 4000
_LONGEST = 400  # characters of a message that are looked at
_NAME = 4  # words; up to here what asks nothing is taken for the name of a thing to explain: "self soothing"
_WHOLE = 25  # words; up to here a message is also looked at as a whole, since "why does he do that?" leans on what stands before
_STEM = 4  # letters that stay
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*|\d+")
_CLAUSE = re.compile(r"[^.!?\n]+[.!?\n]*")
_STRETCHED = re.compile(r"(.)\1{2,}")
_ENDINGS = tuple(
    "ations ation ating ated ates ate ively ive ingly ments ment ness fully ful ings ing iest ied ies edly ed er ers ly ety ious "
    "es s e y".split()
)

# Who is meant matters more than the word for them: "why does my husband" asks what "why do they" asks.
_OTHERS = "partner boyfriend girlfriend husband wife bf gf spouse fiance fiancee hubby missus man woman guy bloke girl lad fella"
_PERSONS = {
    word: person
    for person, words in {
        "<i>": "i me my mine myself",
        "<they>": f"he she they him her them his hers their theirs himself herself themselves {_OTHERS} men women guys "
        "blokes dude someone somebody people person folk folks other",
        "<we>": "we us our ours ourselves couple couples",
        "<you>": "you your yours yourself",
    }.items()
    for word in words.split()
}
_ASKING = frozenset("why what how who when where which whose".split())
_WRITTEN_OUT = {
    **{word: f"{word[:-1]} is" for word in "whats hows whos whys wheres hes shes".split()},
    **{word: f"{word[:-2]} not" for word in "dont doesnt didnt isnt arent wasnt wouldnt shouldnt couldnt havent hasnt".split()},
    **{word: "can not" for word in ("cant", "can't", "cannot")},
    **{word: "will not" for word in ("wont", "won't")},
    "im": "i am", "ive": "i have", "youre": "you are", "theyre": "they are", "wdym": "what do you mean",
    "shld": "should", "cud": "could", "wud": "would", "til": "until", "gonna": "going to",
}  # fmt: skip
_TAILS = {"n't": " not", "'s": " is", "'re": " are", "'m": " am", "'ve": " have", "'ll": " will", "'d": " would"}
# Words that stand in any question, whatever it is about.
_EMPTY = frozenset(
    """a an the and or but of to in on at by with as is are was were be been being am do does did doing done have has had having
    it its that this than there then so very really just even could would shall should may might must ought can will please tell
    explain like lol tf wtf fuck fucking hell heck earth ffs bloody damn actually literally honestly basically oh ok okay well hi
    hey hello exactly such bit sort kind quite kinda sorta omg idk thanks kindly""".split()
)
# What people put before their question, and what shows that a clause asks something.
_LEAD = re.compile(
    r"""^(?:(?:hi|hey|hello|so|ok|okay|but|and|well|please|sorry|then|also|um|no|yes|yeah|honestly|actually|seriously|like|wait)\s)*
    (?P<tell>(?:
        (?:can|could|would|will)\ you\ (?:please\ |kindly\ )?(?:tell|explain|help|show|say|describe|recommend|suggest)
            (?:\ to)?(?:\ me|\ us)?(?:\ to)?(?:\ understand|\ know|\ see)?
        |(?:please\ |kindly\ )?(?:tell|explain)(?:\ to)?(?:\ me|\ us)(?:\ about)?
        |(?:do|would)\ you\ (?:think|know|reckon|say|believe)|explain|define|any\ idea|no\ idea|(?:the\ |my\ )?question(?:\ is)?
        |i\ (?:would\ )?(?:want|like|need|wanted)\ to\ (?:know|understand|ask)|i\ (?:am\ |was\ )?(?:wonder|wondering)
        |i\ do\ not\ (?:understand|get)|i\ can\ not\ understand
    )\b\ ?(?:about|if|whether|that)?\ ?)?""",
    re.VERBOSE,
)
_ASKS = re.compile(
    r"(?:why|how|what|who|whose|which|where|when|any)\b"
    r"|(?!do not\b)(?:is|are|am|was|were|do|does|did|can|could|will|would|shall|should|must|may|might|ought|has|have|had)\b"
)
_ASKS_LATER = re.compile(
    r"\b(?:why|how|what|who|where|when) (?:do|does|did|is|are|am|was|can|could|will|would|should|must|might|have|has|to)\b"
    r"|\b(?:meaning|definition|explained|what now|now what|what then)$"
)
# What is said to a partner has the form of a question too: "why do you never answer me".
_TO_PARTNER = re.compile(
    r"(?:why|where|when|who)? ?(?:are|do|did|were|was|will|would|have|had|can|could)(?: not)? you\b"
    r"|(?:what|where|who)(?: the)?(?: hell)? (?:do|did|are|were|is) (?:you|your)\b"
)
_YOU_AND_I = re.compile(r"\b(?:you|your|yours)\b.*\b(?:i|me|my|us|we)\b|\b(?:i|me|my|us|we)\b.*\b(?:you|your|yours)\b")
_ANYBODY = re.compile(
    r"(?:how (?:do|can|would|could|long|much|often|many|soon)|can you (?:be|have|love|change|rewire|ever|really|get)"
    r"|when (?:do|is)|is it|what do you (?:call|do|mean)|what (?:are|is) your)\b"
)
# Words of several parts, put into one, so that "shuts down" and "clams up" are one word.
_JOINED = tuple(
    (re.compile(rf"\b(?:{said})\b"), joined)
    for said, joined in (
        ("how come|what makes|what causes|what for|reason", "why"),
        (rf"my (?=(?:own )?(?:{'|'.join(_OTHERS.split())}|other half)\b)", ""),
        ("other half|better half|significant other", "partner"),
        (r"(?:shut|clam|close|lock|freeze)(?:s|ting|ming|ing)? (?:down|up|off|me out)", "shutdown"),
        (r"shut(?:s|ting)? (?:\w+ )?out|put(?:s|ting)? up a wall", "shutdown"),
        (r"(?:pull|back|step|move|draw|run|drift)(?:s|ing|ning)? (?:away|back|off)", "withdraw"),
        ("(?:break|breaking|split|splitting|broke) up|call it quits", "breakup"),
        (r"(calm|settle|cool) (\w+ )?down", r"calm \2"),
        (r"(?:blow|blows|blew|kick|kicks|blowing) (?:up|off)", "explode"),
        (r"open(?:s|ing)? up", "openup"),
        (r"(?:walk|storm|go)(?:s|es|ing)? (?:off|out|away)|left|leaving", "leave"),
        ("silent treatment|cold shoulder", "silenttreatment silent"),
        (r"(?:go|goes|going|fall|falls|fell|gone|went) (?:quiet|silent)", "silent"),
        (r"rais(?:e|es|ed|ing) (?:\w+ )?voices?", "shout"),
        ("each other", "we"),
        ("all the time", "constantly"),
        ("too much", "toomuch"),
        ("time outs?", "timeout"),
    )
)
# Words that ask the same, a group a line; the first stands for all.
_ALIKE = """
silent quiet silence mute silenttreatment
fight argue argument quarrel row conflict bicker spat tiff barney disagree disagreement shout scream yell
reply answer respond response
text message whatsapp dm msg call ring phone contact
chase pursue pursuer chaser pursuit beg plead
withdraw distance distant retreat distancer withdrawer remote detached disconnect aloof
leave exit storm bail
happen occur
begin start first
kid child children son daughter baby toddler teenager generation
sorry apologise apologize apology apologies
needy clingy cling clinginess desperate
angry anger mad furious rage cross livid pissed temper fury
upset sad cry tears weep sob tearful
scared afraid fear frightened terrified fearful scare scary dread
normal common usual typical ordinary average
childhood upbringing raised parents mum dad mom mother father parent brought family
divorce separate separation split
therapy therapist counselling counsellor counseling counselor psychologist shrink psychotherapist
calm soothe settle relax regulate regulation unwind
fix repair solve mend heal
hard difficult tough
tired exhausting exhausted draining knackered drain
weird strange awkward unnatural odd fake forced silly daft cringe
style type
sex sexual bedroom
hurt pain painful ache
reassurance reassure
feel feeling emotion
close closeness intimacy intimate near
loop circle cycle pattern dance trap dynamic
relationship marriage partnership
study research science scientific proof proven evidence paper researcher trial
percent percentage statistics statistic odds figure number stats chances
pill tablet meds medication medicine drug antidepressant valium sertraline prescription
independent independence
guilty guilt ashamed shame embarrassed
hope hopeful optimistic hopeless
fault blame
talk speak conversation chat discuss discussion communicate communication convo
worry panic freak anxiety alarm
breathe breath inhale exhale
zodiac astrology horoscope scorpio gemini leo pisces star tarot sign chart mercury aries virgo taurus libra
culture country western asia religion religious faith
app podcast youtube video
book read article
cheat affair unfaithful betrayed infidelity
jealous jealousy envious
abuse abusive violent violence
custody court lawyer
boundary limit
sleep bed bedtime asleep
numb empty hollow nothing
resent resentment bitter grudge
trapped smothered suffocated crowded controlled cage suffocating smothering
trigger button
gift upside positive benefit advantage
alone solo
explode snap erupt
tomorrow later
again repeat
old age elderly late
quick fast soon
long month week year
worth worthwhile
attack criticised criticize criticise criticism accuse defensive
hide escape avoid
money bills finances
housework chores dishes
brain mind head
narcissist bpd borderline adhd autistic autism psychopath bipolar depressed depression disorder ptsd
scroll game work drink
stop quit
urgent emergency immediately now straightaway
overthink analyse analyze spiral overanalyse ruminate
validation approval
compassion kind kinder empathy
comfort console
secure security safe
purpose deliberate deliberately intentionally
affection hug affectionate cuddle
abandon abandonment
share openup
"""


def answer(question: str, library: Library) -> Concept | None:
    """Return the concept whose ways of asking share most with *question*, or None when none is near.

    Words are weighted by how few concepts use them, so that "cycle" counts for more than "some". A line that asks
    nothing by its form, or is said to a partner, has to be nearly or quite one of the known ways.
    """
    index = _index(library.concepts)
    found = [(*index.nearest(words), need, alike) for words, need, alike in _parts(question)]
    near = [(score, -place) for score, place, likeness, need, alike in found if score >= need and likeness >= alike]
    return library.concepts[-max(near)[1]] if near else None


@dataclass(frozen=True)
class _Index:
    """Every known way of asking by its features: the words of the matter, who is meant, pairs of neighbours.

    *weights*: of each word. *ways*: for each feature, the ways that have it. *shares*: for each feature, how much of
    each concept speaks for it. *wholes*: for each way, its concept and its whole weight. *typos*: mends what people mistype.
    *asked*: the concept of each known way, word for word.
    """

    weights: Mapping[str, float]
    ways: Mapping[str, Sequence[int]]
    shares: Mapping[str, Mapping[int, float]]
    wholes: Sequence[tuple[int, float]]
    typos: Typos
    asked: Mapping[tuple[str, ...], int]

    def nearest(self, words: Sequence[str]) -> tuple[float, int, float]:
        """Return the score and place of the concept nearest to *words*, and how like its nearest way is (0 to 1).

        The score is 0 to about 1, 2 for a known way word for word, 0 where too little of the matter is known.
        """
        if (known := self.asked.get(tuple(words))) is not None:
            return _WORD_FOR_WORD, known, 1.0
        stems = _stems(words, self.typos.mend)
        if self.weights.keys().isdisjoint(stems):
            return 0.0, -1, 0.0
        features = _features(stems, self.weights)
        likest = self._likest(features)
        scores = self._scores(features, likest)
        found = max(scores, key=lambda concept: (scores[concept], -concept))
        return (scores[found], found, likest[found]) if self._covers(found, stems, features) else (0.0, -1, 0.0)

    def _likest(self, features: Mapping[str, float]) -> dict[int, float]:
        """Return for each concept the share of weight (0 to 1) that its nearest way has in common with *features*."""
        shared: dict[int, float] = defaultdict(float)
        for feature, weight in features.items():
            for way in self.ways.get(feature, ()):
                shared[way] += weight
        whole = sum(features.values())
        likest: dict[int, float] = defaultdict(float)
        for way, weight in shared.items():
            concept, own = self.wholes[way]
            likest[concept] = max(likest[concept], 2 * weight / (whole + own))
        return likest

    def _scores(self, features: Mapping[str, float], likest: Mapping[int, float]) -> dict[int, float]:
        together: dict[int, float] = defaultdict(float)
        for feature, weight in features.items():
            for concept, share in self.shares.get(feature, {}).items():
                together[concept] += weight * share
        whole = sum(features.values())
        return {concept: _NEAREST * like + _TOGETHER * together[concept] / whole for concept, like in likest.items()}

    def _covers(self, concept: int, stems: Sequence[str], features: Mapping[str, float]) -> bool:
        matter = {stem: features[stem] for stem in stems if stem[0] not in _SIGNS}
        known = sum(weight for stem, weight in matter.items() if concept in self.shares.get(stem, ()))
        least = _COVERED_BETWEEN if {"<they>", "<we>"} & set(stems) else _COVERED
        return known >= least * sum(matter.values())


@lru_cache(maxsize=4)
def _index(concepts: tuple[Concept, ...]) -> _Index:
    known = {tuple(_unled(_plain(way))): place for place, concept in enumerate(concepts) for way in concept.ask}
    asked = [(place, _stems(way)) for way, place in known.items()]
    users: dict[str, set[int]] = defaultdict(set)
    for place, stems in asked:
        for stem in stems:
            users[stem].add(place)
    weights = {stem: math.log(1 + len(concepts) / len(places)) for stem, places in users.items() if stem.isalpha()}
    ways: dict[str, list[int]] = defaultdict(list)
    times: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    wholes = []
    for way, (place, stems) in enumerate(asked):
        features = _features(stems, weights)
        wholes.append((place, sum(features.values())))
        for feature in features:
            ways[feature].append(way)
            times[feature][place] += 1
    shares = {feature: {place: many / (many + _OFTEN) for place, many in found.items()} for feature, found in times.items()}
    for place, concept in enumerate(concepts):
        for stem in {*_stems(_plain(concept.text).split())} & weights.keys():
            shares[stem][place] = shares[stem].get(place, 0.0) + _ANSWERED
    typos = Typos((word for way in known for word in way), vocabulary())
    return _Index(weights, ways, shares, wholes, typos, known)


def _parts(text: str) -> Iterator[tuple[list[str], float, float]]:
    """Yield the words of each clause of *text* that asks, and of the whole where it is short.

    With each stands the score that it needs, and how like one known way of asking it has to be.
    """
    clauses = [(_plain(clause), clause.rstrip().endswith("?")) for clause in _CLAUSE.findall(text[:_LONGEST])]
    whole = _unled(" ".join(plain for plain, _ in clauses))
    if any(_to_partner(plain) for plain, _ in clauses):
        yield whole, _WORD_FOR_WORD, 0.0
        return
    asking = [plain for plain, marked in clauses if marked or _asks(plain)]
    alone = len(asking) == len(clauses)
    for plain in asking:
        yield _unled(plain), NEAR_ENOUGH if alone else NEAR_ENOUGH_AMONG, 0.0
    if asking and not alone and len(whole) <= _WHOLE:
        yield whole, NEAR_ENOUGH_AMONG, 0.0
    elif not asking and len(whole) <= _NAME:
        yield whole, _WORD_FOR_WORD, 0.0
        yield ["what", *whole], NEAR_ENOUGH, _NEARLY_SAME_WORDS
    elif not asking and len(whole) <= _WHOLE:
        yield whole, NEAR_ENOUGH_AMONG, _NEARLY_SAME_WORDS


def _unled(plain: str) -> list[str]:
    return _LEAD.sub("", plain).split()


def _asks(plain: str) -> bool:
    lead = _LEAD.match(plain)
    rest = plain[lead.end() :] if lead else plain
    return bool((lead and lead.group("tell")) or _ASKS.match(rest) or _ASKS_LATER.search(rest))


def _to_partner(plain: str) -> bool:
    """Return whether *plain* is said to a partner: "why do you never answer me" has the form of a question too."""
    lead = _LEAD.match(plain)
    rest = plain[lead.end() :] if lead else plain
    asked = bool(lead and lead.group("tell")) or _ANYBODY.match(rest)
    return not asked and bool(_TO_PARTNER.match(rest) or _YOU_AND_I.search(rest))


def _plain(text: str) -> str:
    """Return *text* in lower case, short forms and texting spellings written out, words of several parts joined."""
    lower = _STRETCHED.sub(r"\1", text.lower().replace("’", "'").replace("%", " percent "))
    plain = " ".join(_spelt(word) for word in _WORD.findall(lower))
    for said, joined in _JOINED:
        plain = said.sub(joined, plain)
    return plain


def _spelt(word: str) -> str:
    word = _spellings().get(word, word)
    if word in _WRITTEN_OUT:
        return _WRITTEN_OUT[word]
    for tail, full in _TAILS.items():
        if word.endswith(tail):
            return word.removesuffix(tail) + full
    return word


@lru_cache(maxsize=1)
def _spellings() -> Mapping[str, str]:
    held = yaml_files.mapping(paths.data() / "cues" / "spellings.yml")
    return {str(short).lower(): str(full).lower() for short, full in held.items()}


def _stems(words: Sequence[str], mend: Callable[[str], str] = str) -> list[str]:
    return [_meant(word, mend) for word in words if word not in _EMPTY]


def _meant(word: str, mend: Callable[[str], str]) -> str:
    if word in _PERSONS:
        return _PERSONS[word]
    if word in _ASKING:
        return f"?{word}"
    if word in ("not", "never"):
        return "!not"
    if word.isdigit():
        return f"#{word}"
    stem = _stem(mend(word))
    return _SAME.get(stem, stem)


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= (_STEM + 1 if ending in ("er", "ers", "ate", "ive") else _STEM):
            return word[: -len(ending)]
    return word


# The groups above come first where a word stands in two.
_SAME = {_stem(word): _stem(group.split()[0]) for group in reversed(_ALIKE.strip().splitlines()) for word in group.split()}
_SIGNS = {"<": _PERSON, "?": _ASKED, "!": _NOT, "#": _NUMBER}


def _features(stems: Sequence[str], weights: Mapping[str, float]) -> dict[str, float]:
    """Return the weight of each word and each pair of neighbours; a word that nobody asks with weighs as much as the rarest."""
    features = {stem: _SIGNS.get(stem[0]) or weights.get(stem) or _unknown(stem, weights) for stem in stems}
    pairs = {f"{one} {two}": _ASKED_WHO if one[0] + two[0] == "?<" else _PAIR for one, two in pairwise(stems) if one != two}
    return features | pairs


def _unknown(stem: str, weights: Mapping[str, float]) -> float:
    return max(weights.values(), default=0.0) * min(1.0, max(_COMMON, vocabulary().get(stem, _RARE) / _RARE))
