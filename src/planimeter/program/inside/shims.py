"""What ordinary programs use and the sandbox's Python lacks, written in what it has.

``rewrite.py`` puts the names to use; each class or function is fed to the sandbox only where a program needs
it. The statistics follow CPython's ``statistics`` module on floats.
"""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-any-generics

from __future__ import annotations

import math


def _bound_method(owner, name, call):
    """``owner.name`` as a value, for built-in types, whose methods the sandbox can only call."""
    if isinstance(owner, (dict, list, str, set, tuple, int, float, frozenset, bytes)):
        return lambda *args, **named: call(owner, *args, **named)
    for kind in (dict, list, str, set, tuple, int, float, frozenset, bytes):
        if owner is kind:
            return call
    if type(owner).__name__ in ("Counter", "defaultdict", "deque"):
        return lambda *args, **named: call(owner, *args, **named)
    return getattr(owner, name)


def _delete_item(container, key):
    """``del container[key]``."""
    if isinstance(container, list) and isinstance(key, slice):
        gone = set(list(range(len(container)))[key])
        kept = [item for place, item in enumerate(container) if place not in gone]
        container.clear()
        container.extend(kept)
    else:
        container.pop(key)


def _is_integer(value):
    """``value.is_integer()``."""
    return value == value and abs(value) != float("inf") and value == int(value)


class _Statistics:
    """Stand-in for the ``statistics`` module."""

    StatisticsError = ValueError

    def mean(self, data):
        values = self._some(data, "mean")
        return math.fsum(values) / len(values)

    def fmean(self, data, weights=None):
        values = self._some(data, "fmean")
        if weights is None:
            return math.fsum(values) / len(values)
        return math.fsum(v * w for v, w in zip(values, weights, strict=True)) / math.fsum(weights)

    def median(self, data):
        values = sorted(self._some(data, "median"))
        middle = len(values) // 2
        return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2

    def median_low(self, data):
        values = sorted(self._some(data, "median"))
        return values[(len(values) - 1) // 2]

    def median_high(self, data):
        values = sorted(self._some(data, "median"))
        return values[len(values) // 2]

    def mode(self, data):
        counts: dict = {}
        for value in self._some(data, "mode"):
            counts[value] = counts.get(value, 0) + 1
        best = max(counts.values())
        for value in counts:
            if counts[value] == best:
                return value

    def multimode(self, data):
        counts: dict = {}
        for value in data:
            counts[value] = counts.get(value, 0) + 1
        best = max(counts.values()) if counts else 0
        return [value for value in counts if counts[value] == best]

    def pvariance(self, data, mu=None):
        values = self._some(data, "pvariance")
        return self._squares(values, mu) / len(values)

    def variance(self, data, xbar=None):
        values = list(data)
        if len(values) < 2:
            raise ValueError("variance requires at least two data points")
        return self._squares(values, xbar) / (len(values) - 1)

    def pstdev(self, data, mu=None):
        return math.sqrt(self.pvariance(data, mu))

    def stdev(self, data, xbar=None):
        values = list(data)
        if len(values) < 2:
            raise ValueError("stdev requires at least two data points")
        return math.sqrt(self.variance(values, xbar))

    def harmonic_mean(self, data):
        values = self._some(data, "harmonic_mean")
        if min(values) < 0:
            raise ValueError("harmonic mean does not support negative values")
        return 0 if min(values) == 0 else len(values) / math.fsum(1 / v for v in values)

    def geometric_mean(self, data):
        values = self._some(data, "geometric_mean")
        return math.exp(math.fsum(math.log(v) for v in values) / len(values))

    def quantiles(self, data, n=4, method="exclusive"):
        values = sorted(data)
        if len(values) < 2:
            raise ValueError("must have at least two data points")
        last = len(values) - 1 if method == "inclusive" else len(values) + 1
        cuts = []
        for i in range(1, n):
            j, delta = divmod(i * last, n)
            if method != "inclusive":
                j = min(max(j, 1), len(values) - 1)
                delta = i * last - j * n
                j -= 1
            cuts.append((values[j] * (n - delta) + values[j + 1] * delta) / n)
        return cuts

    def _some(self, data, name):
        values = list(data)
        if not values:
            raise ValueError(name + " requires at least one data point")
        return values

    def _squares(self, values, centre):
        middle = math.fsum(values) / len(values) if centre is None else centre
        return math.fsum((v - middle) ** 2 for v in values)


class _Heapq:
    """Stand-in for the ``heapq`` module: the same results on small heaps kept as sorted lists."""

    def nlargest(self, n, iterable, key=None):
        return sorted(iterable, key=key, reverse=True)[: max(n, 0)]

    def nsmallest(self, n, iterable, key=None):
        return sorted(iterable, key=key)[: max(n, 0)]

    def heapify(self, heap):
        heap.sort()

    def heappush(self, heap, item):
        heap.append(item)
        heap.sort()

    def heappop(self, heap):
        return heap.pop(0)

    def heappushpop(self, heap, item):
        self.heappush(heap, item)
        return heap.pop(0)

    def heapreplace(self, heap, item):
        first = heap.pop(0)
        self.heappush(heap, item)
        return first

    def merge(self, *iterables, key=None, reverse=False):
        return iter(sorted([item for items in iterables for item in items], key=key, reverse=reverse))


class _Operator:
    """Stand-in for the ``operator`` module."""

    def itemgetter(self, *keys):
        if len(keys) == 1:
            return lambda item: item[keys[0]]
        return lambda item: tuple([item[key] for key in keys])

    def attrgetter(self, name):
        return lambda item: getattr(item, name)

    def add(self, a, b):
        return a + b

    def sub(self, a, b):
        return a - b

    def mul(self, a, b):
        return a * b

    def truediv(self, a, b):
        return a / b

    def floordiv(self, a, b):
        return a // b

    def mod(self, a, b):
        return a % b

    def neg(self, a):
        return -a

    def lt(self, a, b):
        return a < b

    def le(self, a, b):
        return a <= b

    def eq(self, a, b):
        return a == b

    def ne(self, a, b):
        return a != b

    def ge(self, a, b):
        return a >= b

    def gt(self, a, b):
        return a > b

    def and_(self, a, b):
        return a & b

    def or_(self, a, b):
        return a | b

    def not_(self, a):
        return not a

    def contains(self, a, b):
        return b in a

    def getitem(self, a, b):
        return a[b]


class _String:
    """Stand-in for the constants of the ``string`` module."""

    ascii_lowercase = "abcdefghijklmnopqrstuvwxyz"
    ascii_uppercase = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    ascii_letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    digits = "0123456789"
    punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"


class _Pprint:
    """Stand-in for the ``pprint`` module: it prints plainly."""

    def pprint(self, value):
        print(value)

    def pformat(self, value):
        return repr(value)
