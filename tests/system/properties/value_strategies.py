"""Values of any pydantic model of ours: mostly plain, now and then at the very edge of what the model allows."""

import types
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from hypothesis import strategies as st
from pydantic import AwareDatetime, BaseModel, TypeAdapter, ValidationError

from shared.contracts.base import Items
from shared.contracts.human_text import HumanText

Strategy = st.SearchStrategy[Any]
LARGEST = 2**63 - 1
"""The largest whole number that BSON keeps."""
ODD_TEXTS = ("\x00", "İstanbul", "ﬃﬃﬃ", "e\u0301", "\u202eabc", "😀", "$ne", "a.b", " ", "{}", "ﷺ", "\r\n", "٠١٢٣٤٥٦٧٨")


def model(kind: type[BaseModel], **fixed: Strategy) -> Strategy:
    """Instances of a model; fields that are `fixed` come from there."""
    return st.builds(kind, **(_fields(kind) | fixed))


@cache
def _fields(kind: type[BaseModel]) -> dict[str, Strategy]:
    return {name: values(field.rebuild_annotation()) for name, field in kind.model_fields.items()}


def values(annotation: Any) -> Strategy:
    """Values an annotation allows."""
    if get_origin(annotation) is Annotated:
        inner, *metadata = get_args(annotation)
        return _bounded(inner, _bounds(metadata))
    return _bounded(annotation, {})


def _bounds(metadata: list[Any]) -> dict[str, Any]:
    bounds: dict[str, Any] = {}
    for item in metadata:
        if isinstance(item, HumanText):
            bounds |= {"min_length": item.least, "max_length": item.most, "human": item}
            continue
        if hasattr(item, "metadata"):  # a Field inside an alias such as Id
            bounds |= _bounds(item.metadata)
            continue
        if isinstance(item, Items):
            bounds |= {"min_length": item.least, "max_length": item.most}
            continue
        attributes = item.__dict__ if hasattr(item, "__dict__") and item.__dict__ else {}
        slots = {name: getattr(item, name) for name in ("ge", "le", "min_length", "max_length") if hasattr(item, name)}
        bounds |= {name: value for name, value in {**attributes, **slots}.items() if value is not None}
    return bounds


def _bounded(annotation: Any, bounds: Mapping[str, Any]) -> Strategy:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _bounded(arguments[0], {**_bounds(list(arguments[1:])), **bounds})
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin in (Union, types.UnionType):
        return st.one_of(*(_bounded(argument, bounds) for argument in arguments if argument is not type(None)), st.none())
    if origin is tuple and arguments[-1] is not Ellipsis:
        return st.tuples(*map(values, arguments))
    if origin in (tuple, list):
        return _several(values(arguments[0]), bounds).map(origin)
    if origin is dict:
        return st.dictionaries(values(arguments[0]), values(arguments[1]), max_size=3)
    return _plain(annotation, bounds)


def _plain(annotation: Any, bounds: Mapping[str, Any]) -> Strategy:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return model(annotation)
    if annotation is str:
        return texts(bounds)
    if annotation is int:
        if "le" in bounds:
            return st.integers(bounds.get("ge"), bounds["le"])
        return st.one_of(st.integers(bounds.get("ge", -10), 10), st.just(LARGEST))
    if annotation is float:
        return st.floats(bounds.get("ge"), bounds.get("le"), allow_nan=False)
    if annotation in (datetime, AwareDatetime):
        return st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))
    if annotation is bool:
        return st.booleans()
    raise TypeError(f"no values of {annotation!r} yet")


def texts(bounds: Mapping[str, Any]) -> Strategy:
    """Texts: short ones, odd ones, and one as long as may be."""
    least, longest = bounds.get("min_length", 0), bounds.get("max_length", 5000)
    if pattern := bounds.get("pattern"):
        return st.from_regex(pattern, fullmatch=True).filter(lambda text: least <= len(text) <= longest)
    if human := bounds.get("human"):
        return human_texts(human)
    short = st.text(min_size=least, max_size=min(longest, max(least, 12)))
    odd = st.sampled_from([text for text in ODD_TEXTS if least <= len(text) <= longest])
    return st.one_of(short, short, odd, st.sampled_from("üﬃ").map(lambda sign: sign * longest))


def human_texts(human: HumanText) -> Strategy:
    """Texts of people: short ones, odd ones, and one as long as may be."""
    adapter = TypeAdapter(Annotated[str, human])

    def fits(text: str) -> bool:
        try:
            return bool(adapter.validate_python(text)) or not human.least
        except ValidationError:
            return False

    short = st.text(min_size=human.least, max_size=max(human.least, 12))
    return st.one_of(short, short, st.sampled_from(ODD_TEXTS)).filter(fits) | st.just("ü" * human.most)


def _several(items: Strategy, bounds: Mapping[str, Any]) -> Strategy:
    least, largest = bounds.get("min_length", 0), bounds.get("max_length", 10)
    return st.lists(items, min_size=least, max_size=max(least, min(largest, 3)))
