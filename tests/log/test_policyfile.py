from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.errors import MalformedFile
from pausenet.log.cosignature import cosigner_key
from pausenet.log.policyfile import format_policy, parse_policy
from pausenet.log.vkey import KeyName
from tests.log.notes import COSIGNER_KEYS, COSIGNERS, LOG_KEY, NAMES

LOG = f"log {LOG_KEY.encode()}\n"
WITNESS = [f"witness w{n} {key.encode()}\n" for n, key in enumerate(COSIGNER_KEYS)]
FOUR = LOG + "".join(WITNESS)
TEXT = FOUR + "group pair 1 w0 w1\ngroup both all pair w2\nquorum both\n"


def parse(text: str):
    return parse_policy(text.encode(), "policy")


def test_a_quorum_of_groups_is_met_by_the_right_cosigners_only():
    policy = parse(TEXT)
    for count in range(5):
        for names in combinations(NAMES, count):
            expected = NAMES[2] in names and (NAMES[0] in names or NAMES[1] in names)
            assert policy.is_met_by(set(names)) is expected


def test_a_threshold_counts_members():
    policy = parse(FOUR + "group g 3 w0 w1 w2 w3\nquorum g\n")
    assert policy.is_met_by(NAMES[1:])
    assert not policy.is_met_by(NAMES[2:])
    assert not policy.is_met_by([KeyName("w0"), KeyName("w1"), KeyName("w2")])


def test_a_quorum_may_be_one_witness_or_none():
    one = parse(FOUR + "quorum w3\n")
    assert one.is_met_by([NAMES[3]])
    assert not one.is_met_by(NAMES[:3])
    assert parse("quorum none\n").is_met_by([])


def test_comments_and_spaces_are_dropped_and_one_spelling_is_written():
    loose = "# a policy\n\n \t# more\n" + TEXT.replace(" ", " \t ") + "\t\n"
    assert parse(loose) == parse(TEXT)
    written = format_policy(parse(loose))
    assert written == TEXT.encode()
    assert format_policy(parse_policy(written, "policy")) == written


def test_urls_are_kept():
    text = LOG.replace("\n", " https://log.example/\n") + "quorum none\n"
    assert parse(text).logs[0].url == "https://log.example/"
    assert format_policy(parse(text)) == text.encode()


def test_any_and_all_are_thresholds():
    policy = parse(FOUR + "group a any w0 w1\ngroup b all w2 w3 a\nquorum b\n")
    assert [group.members_min for group in policy.groups] == [1, 3]


def renamed(number: int, name: str) -> str:
    return cosigner_key(KeyName(name), COSIGNERS[number].public_key).encode()


MISTAKES = {
    "no-quorum": (FOUR, 0),
    "empty": ("", 0),
    "two-quorums": ("quorum none\nquorum none\n", 2),
    "no-last-newline": ("quorum none", 1),
    "unknown-line": ("quorum none\nwitnesses\n", 2),
    "carriage-return": ("quorum none\r\n", 1),
    "control-character": ("# \x7f\nquorum none\n", 1),
    "quorum-undefined": ("quorum nobody\n", 1),
    "quorum-before-its-witness": ("quorum w0\n" + WITNESS[0], 1),
    "quorum-with-two-names": (FOUR + "quorum w0 w1\n", 6),
    "group-of-nobody": (FOUR + "group g any\nquorum g\n", 6),
    "group-of-undefined": (FOUR + "group g any w9\nquorum g\n", 6),
    "group-of-itself": (FOUR + "group g any g\nquorum g\n", 6),
    "group-of-none": (FOUR + "group g any none\nquorum g\n", 6),
    "group-named-none": (FOUR + "group none any w0\nquorum none\n", 6),
    "group-named-as-a-witness": (FOUR + "group w1 any w0\nquorum w1\n", 6),
    "threshold-zero": (FOUR + "group g 0 w0\nquorum g\n", 6),
    "threshold-too-large": (FOUR + "group g 2 w0\nquorum g\n", 6),
    "threshold-with-a-zero": (FOUR + "group g 01 w0\nquorum g\n", 6),
    "threshold-signed": (FOUR + "group g +1 w0\nquorum g\n", 6),
    "member-twice": (FOUR + "group g 1 w0 w0\nquorum g\n", 6),
    "member-of-two-groups": (FOUR + "group g 1 w0\ngroup h 1 w0\nquorum g\n", 7),
    "log-twice": (LOG + LOG + "quorum none\n", 2),
    "witness-name-twice": (WITNESS[0] + WITNESS[1].replace("w1", "w0") + "quorum w0\n", 2),
    "public-key-twice": (WITNESS[0] + f"witness x {renamed(0, 'x')}\nquorum x\n", 2),
    "key-name-twice": (WITNESS[0] + f"witness x {renamed(1, NAMES[0])}\nquorum x\n", 2),
    "witness-with-a-log-key": (f"witness w {LOG_KEY.encode()}\nquorum w\n", 1),
    "log-with-a-witness-key": (f"log {COSIGNER_KEYS[0].encode()}\nquorum none\n", 1),
    "broken-key": ("log a+00000000+AAAA\nquorum none\n", 1),
    "three-urls": (LOG.replace("\n", " a b c\n") + "quorum none\n", 1),
}


@pytest.mark.parametrize(("text", "line"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_refused_with_its_line(text, line):
    with pytest.raises(MalformedFile) as caught:
        parse(text)
    assert (caught.value.path, caught.value.line) == ("policy", line)


def test_a_file_that_is_too_large_or_not_utf8_is_refused():
    for data in (b"#" * 200_000 + b"\n", b"# \xff\nquorum none\n"):
        with pytest.raises(MalformedFile):
            parse_policy(data, "policy")


def test_too_many_definitions_are_refused():
    names = [f"g{number}" for number in range(300)]
    groups = ["group g0 any w0\n"] + [
        f"group {name} any {before}\n" for before, name in pairwise(names)
    ]
    with pytest.raises(MalformedFile, match="at most 256"):
        parse(FOUR + "".join(groups) + "quorum g9\n")


@given(st.integers(0, len(TEXT) - 1), st.binary(max_size=3), st.integers(0, 3))
def test_hostile_bytes_are_a_policy_that_can_be_written_or_a_malformed_file(place, new, cut):
    data = TEXT.encode()[:place] + new + TEXT.encode()[place + cut :]
    try:
        policy = parse_policy(data, "policy")
    except MalformedFile:
        return
    assert parse_policy(format_policy(policy), "again") == policy
