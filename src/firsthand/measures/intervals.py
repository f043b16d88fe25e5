"""Estimates with 95 % intervals that know that one customer has many observations.

Observations are a table with `life` (negative where it is nobody's) and `value`; where they have `weight`, the figure is
the ratio of the sums of both (contacts per purchase), else the mean of `value`. The variance is that of a ratio
of customer totals (Cochran, Sampling Techniques, 3rd ed. 1977, ch. 6.4), customers being the clusters.
All return the groups, value, low, high, customers, respondents (customers, and each observation of nobody known),
observations.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis
import ibis.expr.types as ir
from ibis import _

FIGURE = ("value", "low", "high", "customers", "respondents", "observations")
Z = 1.959963984540054


def totals(observations: ir.Table, by: Sequence[str]) -> ir.Table:
    """Sums over customers: what every estimate here is made of. Observations of nobody stand for themselves."""
    customers = _weighed(observations).group_by([*by, "life"]).aggregate(
        y=_.y.sum(), n=_.n.sum(), rows=_.count(), up=(_.y == 1).sum(), down=(_.y == -1).sum(),
    )  # fmt: skip
    sums = customers.group_by(list(by)) if by else customers
    return sums.aggregate(
        y=_.y.sum(), n=_.n.sum(), clusters=_.count(), customers=(_.life > 0).sum(), observations=_.rows.sum(),
        up=_.up.sum(), down=_.down.sum(), yy=(_.y * _.y).sum(), yn=(_.y * _.n).sum(), nn=(_.n * _.n).sum(),
    ).filter(_.n > 0).mutate(value=_.y / _.n).mutate(
        spread=ibis.greatest(_.yy - 2 * _.value * _.yn + _.value * _.value * _.nn, 0.0) / (_.n * _.n)
    )  # fmt: skip


def _weighed(observations: ir.Table) -> ir.Table:
    weight = observations.weight if "weight" in observations.columns else ibis.literal(1.0)
    return observations.mutate(y=_.value.cast("float64"), n=weight.cast("float64")).filter(_.y.notnull())


def effective(sums: ir.Table, simple_variance: ir.NumericValue) -> ir.NumericValue:
    """Observations' worth: n over the design effect (Kish 1965), never more than n; customers if all agree.

    With few customers the design effect itself is uncertain: the worth shrinks by the squared ratio of Student's t
    for n observations to that for the customers (Korn & Graubard 1998). One customer is one observation.
    """
    customers = sums.clusters.cast("float64")
    effect = (sums.spread / (simple_variance / sums.n).nullif(0)).clip(lower=1.0)
    surer = student((sums.n - 1).nullif(0)) / student((customers - 1).nullif(0))
    return (sums.n / effect * surer * surer).fill_null(customers)


def student(free: ir.NumericValue | ibis.Deferred) -> Any:
    """The 97.5 % quantile of Student's t: Cornish and Fisher's expansion (Abramowitz & Stegun 26.7.5)."""
    first = (Z**3 + Z) / 4
    second = (5 * Z**5 + 16 * Z**3 + 3 * Z) / 96
    third = (3 * Z**7 + 19 * Z**5 + 17 * Z**3 - 15 * Z) / 384
    fourth = (79 * Z**9 + 776 * Z**7 + 1482 * Z**5 - 1920 * Z**3 - 945 * Z) / 92_160
    return Z + (first + (second + (third + fourth / free) / free) / free) / free


def share(observations: ir.Table, by: Sequence[str] = ()) -> ir.Table:
    """Share of observations whose `value` is 1: Wilson's interval on the effective number of observations.

    Wilson 1927, JASA 22; with clusters as Korn & Graubard 1998, Survey Methodology 24.
    """
    sums = totals(observations, by)
    return _finished(_wilson(sums.mutate(m=effective(sums, sums.value * (1 - sums.value)))), by)


def shares(observations: ir.Table, what: Sequence[str], by: Sequence[str] = ()) -> ir.Table:
    """Share of observations that are each of the values of the columns `what`, as `share` has it of one of them.

    Returns a row per value that occurs, with `so`, the customers of whom it is, and `times`, how often.
    """
    each = observations.group_by([*by, *what, "life"]).aggregate(y=_.count().cast("float64"))
    each = each.mutate(n=_.y.sum().over(group_by=[*by, "life"]))
    parts = each.group_by([*by, *what]).aggregate(
        y=_.y.sum(), yy=(_.y * _.y).sum(), yn=(_.y * _.n).sum(), so=(_.life > 0).sum()
    )
    people = observations.group_by([*by, "life"]).aggregate(n=_.count().cast("float64"))
    whole = (people.group_by(list(by)) if by else people).aggregate(
        n=_.n.sum(), nn=(_.n * _.n).sum(), clusters=_.count(), customers=(_.life > 0).sum(),
    )  # fmt: skip
    sums = met(parts, whole, by).mutate(value=_.y / _.n, observations=_.n.cast("int64"), times=_.y.cast("int64"))
    sums = sums.mutate(spread=ibis.greatest(_.yy - 2 * _.value * _.yn + _.value * _.value * _.nn, 0.0) / (_.n * _.n))
    told = _wilson(sums.mutate(m=effective(sums, sums.value * (1 - sums.value))))
    return _finished(told, [*by, *what, "so", "times"])


def share_of_customers(counted: ir.Table, by: Sequence[str] = ()) -> ir.Table:
    """Share of customers of whom something is so: the same interval as `share` has where each is observed once.

    counted: a row per group with `customers`, all of them, `so`, those of whom it is, and `respondents`.
    """
    n = counted.customers.cast("float64").nullif(0)
    sums = counted.mutate(value=counted.so / n, m=n, observations=_.customers, clusters=_.respondents)
    return _finished(_wilson(sums), by)


def _wilson(sums: ir.Table) -> ir.Table:
    """Adds Wilson's interval of `value` on `m` observations."""
    middle = (_.value + Z * Z / (2 * _.m)) / (1 + Z * Z / _.m)
    half = Z / (1 + Z * Z / _.m) * (_.value * (1 - _.value) / _.m + Z * Z / (4 * _.m * _.m)).sqrt()
    return sums.mutate(low=ibis.greatest(middle - half, 0.0), high=ibis.least(middle + half, 1.0))


def mean(observations: ir.Table, by: Sequence[str] = ()) -> ir.Table:
    """Mean of `value`, or ratio of sums of value and weight: Student's interval over customers.

    No interval under two customers.
    """
    sums = totals(observations, by).mutate(free=(_.clusters - 1).cast("float64").nullif(0))
    half = student(_.free) * (_.spread * _.clusters / _.free).sqrt()
    return _finished(sums.mutate(half=half).mutate(low=_.value - _.half, high=_.value + _.half), by)


def net_promoter(observations: ir.Table, by: Sequence[str] = ()) -> ir.Table:
    """Net Promoter Score, -100 to 100, of values 1 (promoter), 0 (passive), -1 (detractor).

    Adjusted Wald: three answers are added, three quarters promoters and three quarters detractors each
    (Agresti & Coull 1998; for the NPS Rocks 2016, JSMR 14), on the effective number of answers.
    """
    sums = totals(observations, by).mutate(p=_.up / _.n, d=_.down / _.n)
    sums = sums.mutate(m=effective(sums, sums.p + sums.d - (sums.p - sums.d) ** 2))
    sums = sums.mutate(p=(_.p * _.m + 0.75) / (_.m + 3), d=(_.d * _.m + 0.75) / (_.m + 3))
    half = Z * ((_.p + _.d - (_.p - _.d) ** 2) / (_.m + 3)).sqrt()
    return _finished(
        sums.mutate(
            value=100 * _.value,
            low=100 * ibis.least(_.value, ibis.greatest(_.p - _.d - half, -1.0)),
            high=100 * ibis.greatest(_.value, ibis.least(_.p - _.d + half, 1.0)),
        ),
        by,
    )


def quantile(observations: ir.Table, by: Sequence[str] = (), *, q: float = 0.5) -> ir.Table:
    """The q-quantile of `value`: Woodruff's interval (1952, JASA 47), the share below it clustered by customer."""
    told = observations.filter(_.value.notnull()).mutate(value=_.value.cast("float64"))
    middle = (told.group_by(list(by)) if by else told).aggregate(
        middle=_.value.quantile(q), sorted_values=_.value.collect().sort()
    )
    joined = met(told, middle.drop("sorted_values"), by)
    below = share(joined.mutate(value=(_.value <= _.middle).cast("float64")).drop("middle"), by)
    both = met(below, middle, by)
    shift = q - _.value  # the share at the quantile is q, up to ties

    def ranked_at(rank: ibis.Deferred) -> ibis.Deferred:
        inside = ibis.least(ibis.greatest(rank, 0.0), _.observations.cast("float64") - 1)
        return _.sorted_values[inside.cast("int64")]

    return both.mutate(
        low=ranked_at(((_.low + shift) * _.observations).floor()),
        high=ranked_at(((_.high + shift) * _.observations).ceil() - 1),
        value=_.middle,
    ).select(*by, *FIGURE)


def met(table: ir.Table, groups: ir.Table, by: Sequence[str]) -> ir.Table:
    """Each row with what is known of its group; a group whose key is null is one, too."""
    if not by:
        return table.cross_join(groups)
    keyed = groups.rename({f"{key}_of_group": key for key in by})
    alike = [table[key].identical_to(keyed[f"{key}_of_group"]) for key in by]
    return table.inner_join(keyed, alike).drop(*(f"{key}_of_group" for key in by))


def difference(before: ir.Table, after: ir.Table, by: Sequence[str] = ()) -> ir.Table:
    """Mean of `after` minus mean of `before`, with the interval of the difference.

    Student's interval over the customers of the smaller period; none where a period has fewer than two, or where all
    say the same, since nothing then tells how far it could be chance. A customer seen in both is one cluster, so that what the periods share does not count twice.
    Returns by, value, low, high, customers (of the period that has fewer: with the other period's figure, the
    difference tells what they said), observations (of both together).
    """
    both = before.mutate(late=ibis.literal(0.0)).union(after.mutate(late=ibis.literal(1.0)))
    customers = _weighed(both).group_by([*by, "life"]).aggregate(
        y0=(_.y * (1 - _.late)).sum(), n0=(_.n * (1 - _.late)).sum(), y1=(_.y * _.late).sum(), n1=(_.n * _.late).sum(),
        rows=_.count(), before=((_.life > 0) & (_.late == 0)).any().cast("int64"),
        after=((_.life > 0) & (_.late == 1)).any().cast("int64"),
    )  # fmt: skip
    whole = ibis.window(group_by=list(by)) if by else ibis.window()
    centred = customers.mutate(
        r0=_.y0.sum().over(whole) / _.n0.sum().over(whole).nullif(0),
        r1=_.y1.sum().over(whole) / _.n1.sum().over(whole).nullif(0),
        s0=_.n0.sum().over(whole), s1=_.n1.sum().over(whole),
    ).mutate(z=(_.y1 - _.r1 * _.n1) / _.s1 - (_.y0 - _.r0 * _.n0) / _.s0)  # fmt: skip
    sums = centred.group_by(list(by)) if by else centred
    return (
        sums.aggregate(
            value=(_.r1 - _.r0).max(),
            spread=(_.z * _.z).sum(),
            clusters=_.count(),
            fewer=ibis.least((_.n0 > 0).sum(), (_.n1 > 0).sum()).cast("float64"),
            customers=ibis.least(_.before.sum(), _.after.sum()),
            respondents=ibis.least((_.n0 > 0).sum(), (_.n1 > 0).sum()),
            observations=_.rows.sum(),
        )
        .filter(_.value.notnull())
        .mutate(free=(_.fewer - 1).nullif(0), spread=_.spread.nullif(0))
        .mutate(half=student(_.free) * (_.spread * _.clusters / (_.clusters - 1).nullif(0)).sqrt())
        .mutate(low=_.value - _.half, high=_.value + _.half)
        .select(*by, *FIGURE)
    )


def _finished(estimates: ir.Table, by: Sequence[str]) -> ir.Table:
    return estimates.rename(respondents="clusters").select(*by, *FIGURE)
