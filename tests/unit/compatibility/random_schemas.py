"""Small schemas of all keywords, near relatives of them, and documents that they are about."""

import copy

DRAFT_7 = "http://json-schema.org/draft-07/schema#"

NAMES = ["a", "b", "ab", "c1"]
PATTERNS = ["^a", "b$", "^[a-c]{1,2}$", "\\d", "a|b", "^(ab)*$", "[^a]"]
FORMATS = ["date", "date-time", "uuid", "ipv4", "email", "uri", "uri-reference"]
TEXTS = [*NAMES, "", "abab", "bb", "2024-02-29", "1", "x@y.zz", "urn:a", "10.0.0.1"]
NUMBERS = [-2, -1, 0, 0.5, 1, 1.5, 2, 3, 4, 6, 0.1, 0.3]
TYPES = ["null", "boolean", "integer", "number", "string", "array", "object"]
NAMED = ["a", "b", "c1"]


def schema(rng, depth=2, draft=2020, definitions=True):
    """Return a schema with a few keywords, which may refer to definitions of its own."""
    found = _part(rng, depth, draft)
    if definitions and isinstance(found, dict) and rng.random() < 0.3:
        found["$defs"] = {"D": _part(rng, 1, draft), "E": _part(rng, 1, draft)}
        if not (isinstance(found["$defs"]["D"], dict) and rng.random() < 0.5):
            found["$defs"]["D"] = {"items": {"$ref": "#/$defs/D"}, "maxItems": 2, "type": "array"}
        _refer(rng, found)
    if draft == 7 and isinstance(found, dict):
        found["$schema"] = DRAFT_7
    return found


def relative(rng, original, draft=2020):
    """Return a schema that differs from another in a place or two."""
    found = copy.deepcopy(original)
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        found = _changed(rng, found, draft)
    return found


def document(rng, depth=3):
    """Return a document of the small world that the schemas speak of."""
    kind = rng.choice(TYPES if depth else TYPES[:5])
    match kind:
        case "null":
            return None
        case "boolean":
            return rng.random() < 0.5
        case "integer":
            return rng.randint(-3, 7)
        case "number":
            return rng.choice([*NUMBERS, 0.25, 1.0, 5.5])
        case "string":
            return rng.choice(TEXTS)
        case "array":
            return [document(rng, depth - 1) for _ in range(rng.randint(0, 4))]
    names = rng.sample([*NAMES, "", "z"], rng.randint(0, 4))
    return {name: document(rng, depth - 1) for name in names}


def _part(rng, depth, draft):
    if rng.random() < 0.12:
        return rng.random() < 0.7
    found = {}
    if rng.random() < 0.7:
        found["type"] = rng.choice([rng.choice(TYPES), rng.sample(TYPES, 2)])
    for _ in range(rng.choice([0, 1, 1, 2, 3])):
        found |= _keyword(rng, depth, draft, found.get("type"))
    return found


def _keyword(rng, depth, draft, kind):
    kinds = [kind] if isinstance(kind, str) else list(kind or TYPES)
    made = {
        "number": _of_number,
        "integer": _of_number,
        "string": _of_text,
        "array": _of_array,
        "object": _of_object,
    }
    choice = rng.choice([*kinds, "any"]) if depth else rng.choice(kinds)
    if choice in ("array", "object") and not depth:
        choice = "null"
    if choice == "any":
        return _combined(rng, depth, draft)
    if choice in made:
        return made[choice](rng, depth, draft)
    return {"enum": [document(rng, 1) for _ in range(rng.randint(1, 4))]}


def _of_number(rng, depth, draft):
    keyword = rng.choice(
        ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "const"]
    )
    if keyword == "multipleOf":
        return {keyword: rng.choice([1, 2, 3, 0.5, 0.1, 1.5])}
    return {keyword: rng.choice(NUMBERS)}


def _of_text(rng, depth, draft):
    keyword = rng.choice(["minLength", "maxLength", "pattern", "pattern", "format", "enum"])
    if keyword == "pattern":
        return {keyword: rng.choice(PATTERNS)}
    if keyword == "format":
        return {keyword: rng.choice(FORMATS)}
    if keyword == "enum":
        return {keyword: rng.sample(TEXTS, rng.randint(1, 4))}
    return {keyword: rng.randint(0, 5)}


def _of_array(rng, depth, draft):
    inner = _part(rng, depth - 1, draft)
    listed = [_part(rng, depth - 1, draft) for _ in range(rng.randint(1, 2))]
    match rng.choice(["items", "tuple", "contains", "uniqueItems", "minItems", "maxItems"]):
        case "items":
            return {"items": inner}
        case "tuple" if draft == 7:
            return {"items": listed, "additionalItems": inner}
        case "tuple":
            return {"prefixItems": listed, "items": inner}
        case "contains" if draft == 7:
            return {"contains": inner}
        case "contains":
            least = rng.randint(0, 2)
            most = {"maxContains": least + rng.randint(0, 1)} if rng.random() < 0.5 else {}
            return {"contains": inner, "minContains": least, **most}
        case "uniqueItems":
            return {"uniqueItems": True}
        case keyword:
            return {keyword: rng.randint(0, 3)}


def _of_object(rng, depth, draft):
    inner = _part(rng, depth - 1, draft)
    match rng.choice(
        ["properties"] * 4
        + ["required"] * 2
        + ["additionalProperties"] * 2
        + ["patternProperties", "propertyNames", "minProperties", "maxProperties"]
        + ["dependentRequired", "dependentSchemas", "unevaluatedProperties"]
    ):
        case "properties":
            names = rng.sample(NAMES, rng.randint(1, 3))
            return {"properties": {name: _part(rng, depth - 1, draft) for name in names}}
        case "required":
            return {"required": rng.sample(NAMES, rng.randint(1, 2))}
        case "additionalProperties":
            return {"additionalProperties": rng.choice([False, inner])}
        case "patternProperties":
            return {"patternProperties": {rng.choice(PATTERNS): inner}}
        case "propertyNames":
            return {"propertyNames": _of_text(rng, 0, draft)}
        case "dependentRequired":
            keyword = "dependencies" if draft == 7 else "dependentRequired"
            return {keyword: {rng.choice(NAMES): [rng.choice(NAMES)]}}
        case "dependentSchemas":
            keyword = "dependencies" if draft == 7 else "dependentSchemas"
            return {keyword: {rng.choice(NAMES): inner}}
        case "unevaluatedProperties":
            return {} if draft == 7 else {"unevaluatedProperties": rng.choice([False, inner])}
        case keyword:
            return {keyword: rng.randint(0, 3)}


def _combined(rng, depth, draft):
    parts = [_part(rng, depth - 1, draft) for _ in range(rng.randint(1, 3))]
    match rng.choice(["allOf", "anyOf", "oneOf", "not", "if", "enum", "const"]):
        case "not":
            return {"not": parts[0]}
        case "if":
            names = ("if", "then", "else")
            return dict(zip(names, parts, strict=False))
        case "enum":
            return {"enum": [document(rng, 2) for _ in range(rng.randint(1, 3))]}
        case "const":
            return {"const": document(rng, 2)}
        case keyword:
            return {keyword: parts}


def _places(schema):
    """Return the objects that hold a subschema, each with its key there."""
    found, waiting = [], [schema]
    for at in waiting:
        if not isinstance(at, dict):
            continue
        for keyword, value in at.items():
            if keyword in ("enum", "const", "dependentRequired", "required", "type"):
                continue
            holders = [(at, keyword)]
            if isinstance(value, list):
                holders = [(value, index) for index in range(len(value))]
            elif keyword in ("properties", "patternProperties", "$defs", "dependentSchemas"):
                holders = [(value, name) for name in value]
            for holder, key in holders:
                if (isinstance(holder[key], dict | bool) and holder[key] is not value) or (
                    isinstance(value, dict) and holder is at
                ):
                    found.append((holder, key))
                    waiting.append(holder[key])
    return found


def _refer(rng, schema):
    places = [place for place in _places(schema) if place[0] is not schema["$defs"]]
    for holder, key in rng.sample(places, min(len(places), 2)):
        if not (holder is schema and key in ("$defs", "dependencies")):
            holder[key] = {"$ref": rng.choice(["#/$defs/D", "#/$defs/E", "#"])}


def _changed(rng, schema, draft):
    places = [place for place in _places(schema) if place[1] not in ("$defs", "dependencies")]
    if not places or rng.random() < 0.5:
        return _altered(rng, schema, draft)
    holder, key = rng.choice(places)
    holder[key] = _altered(rng, holder[key], draft)
    return schema


def _altered(rng, schema, draft):
    if not isinstance(schema, dict):
        return _part(rng, 1, draft)
    found = dict(schema)
    removable = [key for key in found if key not in ("$defs", "$schema")]
    way = rng.random()
    if way < 0.4 and removable:
        keyword = rng.choice(removable)
        value = found[keyword]
        if isinstance(value, int) and not isinstance(value, bool):
            found[keyword] = max(value + rng.choice([-1, 1]), 0 if keyword != "multipleOf" else 1)
        else:
            del found[keyword]
        return found
    if way < 0.6:
        return {**found, **{k: v for k, v in found.items() if k.startswith("$")}} | _keyword(
            rng, 1, draft, found.get("type")
        )
    wrapped = {k: v for k, v in found.items() if k not in ("$defs", "$schema")}
    kept = {k: v for k, v in found.items() if k in ("$defs", "$schema")}
    return {**kept, rng.choice(["anyOf", "allOf", "oneOf"]): [wrapped, _part(rng, 1, draft)]}
