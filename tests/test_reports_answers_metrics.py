"""The figures for a monitor and the JSON for a script say what `status` says."""

import json
from datetime import UTC, datetime

import jsonschema
from test_reports_answers_status import DIGEST, HARVEST, NOW, standing

from reports.answers.metrics import metrics
from reports.answers.status import broken
from reports.answers.status_json import as_json, schema


def test_prometheus_can_read_every_line_and_a_strange_name_breaks_none() -> None:
    text = metrics([standing(), broken('o"dd\\\n', "is not TOML")], NOW)
    names = set()
    for line in text.splitlines():
        if line.startswith("# "):
            names.add(line.split()[2])
            continue
        sample, _, value = line.rpartition(" ")
        assert sample.partition("{")[0] in names
        float(value)
    sample = 'seedwatch_last_success_timestamp_seconds{watch="cml",flow="harvest"}'
    assert f"{sample} {HARVEST.started.timestamp():.0f}" in text
    assert 'seedwatch_alarms{watch="cml"} 0' in text
    assert 'seedwatch_alarms{watch="o\\"dd\\\\\\n"} 1' in text
    assert 'seedwatch_scheduled{watch="o\\"dd\\\\\\n"} 0' in text


def test_what_is_overdue_counts() -> None:
    late = standing(runs=(DIGEST,))
    assert 'seedwatch_overdue{watch="cml"} 1' in metrics([late], datetime(2026, 11, 25, tzinfo=UTC))


def test_the_json_has_every_field_by_its_name_and_is_as_its_schema_says() -> None:
    told = json.loads(as_json([standing(), broken("bad", "is not TOML")]))
    jsonschema.Draft202012Validator.check_schema(json.loads(schema()))
    jsonschema.validate(told, json.loads(schema()))
    assert told[0]["coverage"][0]["spans"] == [{"since": "2026-09-01", "until": "2026-11-23"}]
    assert told[0]["last"]["harvest"] == "2026-11-25T05:00:00+00:00"
    assert told[1]["standing"] == "broken"
