"""Who may do what: the facilitator by a secret, a participant by a code, and guesses slowed down."""

from __future__ import annotations

import hashlib
import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from limits import parse_many
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from analysis.base.faults import Fault, HubreachError

# No 0/O, 1/I/L, 5/S, U/V: read from the back row, typed with a thumb.
CODE_ALPHABET = "2346789ABCDEFGHJKMNPQRTWXYZ"
CODE_LENGTH = 8
INVITE_LENGTH = 20
SHORTEST_PASSWORD = 10
SHORTEST_KEY, LONGEST_KEY = 22, 64

CODE_GUESSES_EACH = "300/minute"
CODE_GUESSES_ALL = "3000/minute"
SECRETS = "10/minute;60/hour"

LINK_HASH = "sha256:"

_hasher = PasswordHasher()
# Each takes 64 MB and every core: many at once would hold up a hall's answers.
_one_hash = threading.Lock()


def new_code() -> str:
    """Short code that opens the phone page: about 38 bits, see `Guesses` for what protects it."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def new_invite() -> str:
    """Long code inside the QR code: about 95 bits, so that it needs no limit on guesses."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(INVITE_LENGTH))


def new_secret() -> str:
    """Secret of the facilitator's link: 192 bits."""
    return secrets.token_urlsafe(24)


def read_code(typed: str) -> str:
    """A typed code without spaces and dashes, in capitals.

    >>> read_code(" kf7m-2qwx ")
    'KF7M2QWX'
    """
    return "".join(character for character in typed.upper() if character.isalnum())


def shown_code(code: str) -> str:
    """The code in groups of four, as the screen shows it.

    >>> shown_code("KF7M2QWX")
    'KF7M 2QWX'
    """
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def hash_link_secret(secret: str) -> str:
    """SHA-256 of a secret of `new_secret`: 192 random bits need no slow hash, and a slow one costs the hall its answers."""
    return LINK_HASH + hashlib.sha256(secret.encode()).hexdigest()


def matches_link_secret(stored_hash: str, secret: str) -> bool:
    """Whether a secret is the one of a link."""
    return secrets.compare_digest(stored_hash, hash_link_secret(secret))


def hash_password(secret: str) -> str:
    """Argon2id hash of a facilitator's password.

    Raises
    ------
    HubreachError
        If it is shorter than `SHORTEST_PASSWORD` characters.
    """
    if len(secret) < SHORTEST_PASSWORD:
        found = f"{len(secret)} characters"
        remedy = f"Choose at least {SHORTEST_PASSWORD} characters, or let Hubreach make a link"
        raise HubreachError("The password is too short.", [Fault("password", None, None, found, remedy)])
    with _one_hash:
        return _hasher.hash(secret)


def matches_password(stored_hash: str, secret: str) -> bool:
    """Whether a password fits its hash; one at a time, whoever asks."""
    try:
        with _one_hash:
            return _hasher.verify(stored_hash, secret)
    except (VerificationError, InvalidHashError):
        return False


def participant_id(workshop_id: str, key: str) -> str:
    """What the store knows a phone by: a hash of the secret that the phone made for itself.

    Raises
    ------
    HubreachError
        If the key is not 22 to 64 letters, digits, dashes and underscores (128 bits or more).
    """
    plain = key.isascii() and key.replace("-", "").replace("_", "").isalnum()
    if not (plain and SHORTEST_KEY <= len(key) <= LONGEST_KEY):
        fault = Fault("phone", None, "participant", "not a key of this page", "Open the page again")
        raise HubreachError("This phone's key cannot be read.", [fault])
    return hashlib.sha256(f"{workshop_id}/{key}".encode()).hexdigest()


class TooManyGuessesError(HubreachError):
    """Wrong codes or secrets came too often; even a right one is refused until a minute has passed."""

    def __init__(self) -> None:
        fault = Fault("code", None, None, "too many wrong tries", "Wait one minute, or scan the QR code")
        super().__init__("Too many wrong codes were tried.", [fault])


class Guesses:
    """Limits on wrong codes and wrong secrets, kept in memory by each server.

    A hall full of phones shares one address, and of 400 people who type a code some forty err: only wrong codes
    count, and one person's do not use up the hall's. At 3,000 wrong codes a minute the chance to hit one workshop's
    code within eight hours is one in 200,000; the QR code and phones that have joined are never held up.
    """

    def __init__(self) -> None:
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    def check_code(self, address: str) -> None:
        """Refuse to look at a typed code while its address, or everybody together, guessed too often."""
        self._test(CODE_GUESSES_EACH, "code", address)
        self._test(CODE_GUESSES_ALL, "code", "everybody")

    def wrong_code(self, address: str) -> None:
        """Count a wrong code."""
        self._hit(CODE_GUESSES_EACH, "code", address)
        self._hit(CODE_GUESSES_ALL, "code", "everybody")

    def count_secret(self, address: str) -> None:
        """Count a secret before it is looked at, whichever workshop it is for, and refuse it after too many."""
        if not all(self._limiter.hit(limit, "secret", address) for limit in parse_many(SECRETS)):
            raise TooManyGuessesError

    def _test(self, limits: str, *who: str) -> None:
        if not all(self._limiter.test(limit, *who) for limit in parse_many(limits)):
            raise TooManyGuessesError

    def _hit(self, limits: str, *who: str) -> None:
        for limit in parse_many(limits):
            self._limiter.hit(limit, *who)


guesses = Guesses()
