"""Whether a message is in English at all, so that the bot can say kindly that it reads English only."""

from __future__ import annotations

import unicodedata

# The commonest English words that few other languages share; enough to tell, not a language model.
_ENGLISH = frozenset(
    "i you he she we they it the and to of is was are am my your his her our their him them us this that these those "
    "what when where why how who with for from not but so if or because about have has had do does did will would can "
    "could be been just like love hate know think want need feel said says told tell ask asked talk never always again "
    "going get got left leave back home night day time up out all there here don't dont i'm im he's she's it's its can't "
    "cant won't ok okay yes yeah nope hi hello hey thanks please sorry help stop start bye good wtf omg idk lol".split()
)
_OTHER = frozenset(
    "mi novia novio marido mujer hace desde ayer nada si se que el la los las de en un una por para con pero muy es está "
    "estoy porque yo ich du er sie wir nicht und der die das ist ein eine mit mir mich je tu il elle nous vous ne pas et "
    "le les des est une avec moi mais mon ma non sono che di per mio mia più anche eu você ele ela não meu minha com uma "
    "mas muito ik jij hij zij wij niet het een van maar mijn main tum hai nahi kya aur mera meri mujhe bir ve ben sen "
    "çok ama için jag han hon inte och att jeg ikke og nie się jest że".split()
)


def is_english(text: str) -> bool:
    """Return False only when *text* clearly is another language; short and doubtful texts pass as English."""
    letters = [char for char in text if char.isalpha()]
    if len(letters) < 4:
        return True
    if not text.isascii():
        latin = sum(char.isascii() or "LATIN" in unicodedata.name(char, "") for char in letters[:400])
        if latin < 0.5 * min(len(letters), 400):
            return False
    words = [word.strip(".,!?;:\"'()").lower().replace("’", "'") for word in text.split()[:80]]
    words = [word for word in words if word]
    if len(words) < 4:
        return True
    english = sum(word in _ENGLISH for word in words)
    other = sum(word in _OTHER and word not in _ENGLISH for word in words)
    return not (other >= 2 and other > english)
