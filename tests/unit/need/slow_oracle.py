"""An independent slow way to the same estimates: plain loops and nested bisection, no numpy algebra."""

import math


def logistic(value):
    return 1 / (1 + math.exp(-value)) if value >= 0 else math.exp(value) / (1 + math.exp(value))


def bisect(function, low, high):
    """Root of a rising function."""
    for _ in range(200):
        middle = (low + high) / 2
        if function(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def level_for(children, position, slope, prevalence, effect=None):
    """The `a` at which the rates give the prevalence, for a slope `b` and area effects."""
    effect = effect or [0.0] * len(children)
    everyone = sum(children)

    def excess(a):
        triples = zip(children, position, effect, strict=True)
        inside = sum(c * logistic(a + slope * z + e) for c, z, e in triples)
        return inside / everyone - prevalence

    return bisect(excess, -60, 60)


def curve(children, position, prevalence, gradient):
    """(a, b) by a search on b around a search on a."""

    def excess(b):
        a = level_for(children, position, b, prevalence)
        return logistic(a + b * 0.95) / logistic(a + b * 0.05) - gradient

    b = bisect(excess, 0.0, 30.0)
    return level_for(children, position, b, prevalence), b


def rates(children, position, prevalence, gradient):
    a, b = curve(children, position, prevalence, gradient)
    return [logistic(a + b * z) for z in position]


def whole(expected, total):
    """Largest remainders by repeated search for the largest one."""
    quotas = [value * total / sum(expected) for value in expected]
    counts = [math.floor(quota) for quota in quotas]
    while sum(counts) < total:
        left = [quota - count for quota, count in zip(quotas, counts, strict=True)]
        counts[left.index(max(left))] += 1
    return counts


def simulated_counts(children, position, prevalence, gradient, effect):
    """Expected children in a tier by area in one draw: curve, area effects, benchmarked again."""
    a, b = curve(children, position, prevalence, gradient)
    own = [b * z + a + e for z, e in zip(position, effect, strict=True)]
    shift = level_for(children, [0.0] * len(children), 0.0, prevalence, own)
    return [c * logistic(value + shift) for c, value in zip(children, own, strict=True)]
