"""The checker of limits finds what breaks them."""

import pytest
from support.limits import html_faults, mail_faults, slack_faults

GOOD = {
    "text": "a",
    "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "<https://a.b/|x> &amp;"}}],
}


def section(text: str) -> dict[str, object]:
    return {"text": "a", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]}


@pytest.mark.parametrize(
    "payload",
    [
        section("<!channel>"),
        section("<@U1> hi"),
        section("<https://a.b/|>"),
        section("a & b"),
        section("a &am"),
        section(""),
        section("x" * 3001),
        {**GOOD, "text": ""},
        {**GOOD, "text": "<!here>"},
        {**GOOD, "blocks": GOOD["blocks"] * 21},  # type: ignore[operator]
        {**GOOD, "blocks": [section("x" * 2500)["blocks"][0]] * 5},  # type: ignore[index]
        {**GOOD, "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]},
        {**GOOD, "blocks": [{"type": "context", "elements": []}]},
        {**GOOD, "blocks": [{"type": "actions", "elements": []}]},
        {**GOOD, "icon": "x"},
    ],
)
def test_what_slack_would_refuse_is_a_fault(payload: dict[str, object]) -> None:
    assert list(slack_faults(payload))
    assert list(slack_faults(GOOD)) == []


@pytest.mark.parametrize(
    "body",
    [
        "<p><div></p>",
        "<table><p>x</p></table>",
        "<script>1</script>",
        "<details>x</details>",
        '<a href="javascript:1">x</a>',
        '<p onclick="1">x</p>',
        "x" * 80_000,
        "a & b &nope; <b>",
    ],
)
def test_html_that_is_no_mail_is_a_fault(body: str) -> None:
    page = "<!DOCTYPE html><html><head><title>x</title></head><body>{}</body></html>"
    assert list(html_faults(page.format(body)))
    assert list(html_faults(page.format('<p><a href="https://a.b/">x</a></p>'))) == []


@pytest.mark.parametrize("more", [b"x" * 999 + b"\n", b"\xff\n", b"\0\n"])
def test_a_mail_that_servers_break_is_a_fault(more: bytes) -> None:
    head = b'Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary="b"\n\n--b\n'
    parts = b"Content-Type: text/plain\n\nx\n--b\nContent-Type: text/html\n\n<p>x</p>\n--b--\n"
    assert list(mail_faults(head + parts)) == []
    assert list(mail_faults(head + parts + more))
