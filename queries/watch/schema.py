"""The JSON schema of a watch file, by which editors complete and check it."""

from typing import Any

from queries.watch.file import Watch


def schema() -> dict[str, Any]:
    """The schema, without what a file doesn't say: its name is the file's own; a facet may be a string."""
    whole = Watch.model_json_schema()
    whole["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    whole["title"] = "A watch of seedwatch"
    del whole["properties"]["name"]
    whole["required"].remove("name")
    facet = whole["$defs"]["FacetWords"]
    whole["$defs"]["FacetWords"] = {
        "description": facet.pop("description"),
        "anyOf": [{"type": "string", "minLength": 1}, facet],
    }
    return whole
