"""Make texts that Go's regular expressions match.

A text is made from the expression alone: what an expression demands of its surroundings (`\\b`, `^`, `$`) and whether a
group excludes another is not looked at, so the caller has to check each text.
"""

import random
from collections.abc import Callable
from string import ascii_letters, ascii_lowercase, ascii_uppercase, digits

WORD = ascii_letters + digits + "_"
PLAIN = ascii_letters + digits
CLASSES = {"d": digits, "w": WORD, "s": " ", "S": PLAIN, "W": " ", "D": ascii_letters, "n": "\n", "r": "\r", "t": "\t"}
POSITIONS = "bBzA"
MOST_REPEATS = 12
"""How many repeats an expression without an upper limit gets beyond its lower limit, at most."""

Maker = Callable[[random.Random], str]


class Reader:
    """An expression that is read once; `make` then makes as many texts as wanted."""

    def __init__(self, expression: str) -> None:
        self.text = expression
        self.at = 0
        self.ignores_case = False
        self.groups: list[Maker] = []
        self.make = self.alternatives()

    def next_is(self, text: str) -> bool:
        """Skip the text if it comes next, and tell if it did."""
        found = self.text.startswith(text, self.at)
        self.at += len(text) * found
        return found

    def alternatives(self) -> Maker:
        """Read up to the end of the group. A flag inside the group ends with it."""
        flag = self.ignores_case
        choices = [self.sequence()]
        while self.next_is("|"):
            choices.append(self.sequence())
        self.ignores_case = flag
        return lambda source: source.choice(choices)(source)

    def sequence(self) -> Maker:
        parts: list[Maker] = []
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            parts.append(self.repeated(self.one()))
        return lambda source: "".join(part(source) for part in parts)

    def one(self) -> Maker:
        if self.next_is("("):
            return self.group()
        if self.next_is("["):
            return self.choice(self.members())
        char = self.text[self.at]
        self.at += 1
        if char == "\\":
            return self.escaped()
        if char in "^$":
            return lambda source: ""
        if char == ".":
            # A point that is not repeated mostly stands for itself: someone forgot to escape it.
            return self.choice(PLAIN if self.text[self.at : self.at + 1] in {*"*+?{"} else ".")
        return lambda source: char

    def group(self) -> Maker:
        is_counted = not self.next_is("?")
        if not is_counted and not self.next_is("P<"):
            end = min(self.text.index(sign, self.at) for sign in ":)" if sign in self.text[self.at :])
            flags, self.at = self.text[self.at : end], end + 1
            if self.text[end] == ")":
                self.ignores_case = self.ignores_case or "i" in flags
                return lambda source: ""
            before = self.ignores_case
            self.ignores_case = "i" in flags.partition("-")[0] or (before and "i" not in flags)
            inner = self.alternatives()
            self.ignores_case = before
        else:
            if not is_counted:
                is_counted, self.at = True, self.text.index(">", self.at) + 1
            number = len(self.groups)
            self.groups.append(lambda source: "")
            inner = self.groups[number] = self.alternatives()
        self.next_is(")")
        return inner

    def escaped(self) -> Maker:
        char = self.text[self.at]
        self.at += 1
        if char in POSITIONS:
            return lambda source: ""
        if char == "x":
            self.at += 2
            code = chr(int(self.text[self.at - 2 : self.at], 16))
            return lambda source: code
        return self.choice(CLASSES[char]) if char in CLASSES else lambda source: char

    def members(self) -> str:
        """Read the characters of a class. A class that excludes some has the letters and digits that remain."""
        excludes = self.next_is("^")
        found = ""
        while not self.next_is("]") or not found:
            char = self.text[self.at]
            self.at += 1
            if char == "\\":
                following = self.text[self.at]
                self.at += 1
                if following == "x":
                    found += chr(int(self.text[self.at : self.at + 2], 16))
                    self.at += 2
                else:
                    found += CLASSES.get(following, following)
            elif self.text[self.at] == "-" and self.text[self.at + 1] != "]":
                found += "".join(map(chr, range(ord(char), ord(self.text[self.at + 1]) + 1)))
                self.at += 2
            else:
                found += char
        return ("".join(set(PLAIN) - set(found)) or " ") if excludes else found

    def choice(self, characters: str) -> Maker:
        """Choose one character, in either case where case is ignored; a line break only if there is nothing else."""
        ordered = "".join(sorted({*characters} - {*"\r\n"} or {*characters}))
        both = ordered
        if self.ignores_case and set(ordered) & set(ascii_lowercase) and not set(ordered) & set(ascii_uppercase):
            both = "".join(sorted({*ordered, *ordered.upper()}))
        return lambda source: source.choice(both)

    def repeated(self, part: Maker) -> Maker:
        low, high = 1, 1
        if self.next_is("*"):
            low, high = 0, MOST_REPEATS
        elif self.next_is("+"):
            low, high = 1, MOST_REPEATS
        elif self.next_is("?"):
            low, high = 0, 1
        elif self.text.startswith("{", self.at) and self.text[self.at + 1].isdigit():
            end = self.text.index("}", self.at)
            first, comma, last = self.text[self.at + 1 : end].partition(",")
            low = int(first)
            high = int(last) if last else low + MOST_REPEATS * bool(comma)
            high, self.at = min(high, low + MOST_REPEATS), end + 1
        if self.next_is("?"):
            high = low
        return lambda source: "".join(part(source) for _ in range(source.randint(low, high)))
