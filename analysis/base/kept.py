"""Answers that are kept for as long as the object lives that they were worked out from."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from threading import Lock
from typing import Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

Owner = TypeVar("Owner", bound=Hashable)
Answer = TypeVar("Answer")
Rest = ParamSpec("Rest")


def kept(
    most: int,
) -> Callable[
    [Callable[Concatenate[Owner, Rest], Answer]],
    Callable[Concatenate[Owner, Rest], Answer],
]:
    """Keep the last answers of a function beside its first argument, and let them go with it.

    Parameters
    ----------
    most : int
        Answers that are kept for each first argument; the one asked for longest ago goes first.

    Notes
    -----
    The other arguments are hashable; a fault is not kept. An answer must not hold the first argument, which would
    then never go; whoever takes it does not change it. `functools.lru_cache` would keep the first argument alive.
    """

    def wrap(
        function: Callable[Concatenate[Owner, Rest], Answer],
    ) -> Callable[Concatenate[Owner, Rest], Answer]:
        answers: WeakKeyDictionary[Owner, OrderedDict[Hashable, Answer]] = WeakKeyDictionary()
        lock = Lock()

        @wraps(function)
        def ask(owner: Owner, /, *args: Rest.args, **kwargs: Rest.kwargs) -> Answer:
            question = (args, tuple(sorted(kwargs.items())))
            with lock:
                of_owner = answers.setdefault(owner, OrderedDict())
                if question in of_owner:
                    of_owner.move_to_end(question)
                    return of_owner[question]
            answer = function(owner, *args, **kwargs)
            with lock:
                of_owner[question] = answer
                while len(of_owner) > most:
                    of_owner.popitem(last=False)
            return answer

        return ask

    return wrap
