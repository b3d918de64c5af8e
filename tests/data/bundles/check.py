#!/usr/bin/env python3
"""Checks bundles with nothing but what docs/bundle.md says: a second, independent implementation of that page.

    tests/data/bundles/check.py tests/data/bundles/*.json

Recomputes the digest and every chain; exits with 1 when something does not agree. The chain before `since` cannot be
known from the file; it is taken from the header.
"""
import base64
import hashlib
import json
import sys


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def canonical(change, device, devices, people, sequence, clock):
    _, offset, kind, person, entity, row, fields = change
    written = []
    for name in sorted(fields, key=lambda text: text.encode()):
        content = fields[name] if isinstance(fields[name], list) else [fields[name]]
        value, pairs = content[0], content[1:]
        if isinstance(value, dict):
            value = [value["r"]]
        replaced = [number if index == device else [devices[index], number] for index, number in zip(pairs[::2], pairs[1::2])]
        written.append(compact(name) + ":" + compact([value, replaced]))
    head = compact([clock, sequence - offset, kind, "" if person is None else people[person], entity, row])
    return head[:-1] + ",{" + ",".join(written) + "}]"


def check(path):
    raw = open(path, "rb").read()
    problems = []
    bundle = json.loads(raw)
    covered = raw[: raw.rindex(b'"digest"')]
    if hashlib.sha256(covered).hexdigest() != bundle["digest"]:
        problems.append("digest")
    devices, since, have = bundle["devices"], bundle["since"], bundle["have"]
    changes = iter(bundle["changes"])
    for device, (first, last) in enumerate(zip(since, have)):
        known = bundle["chain_since"][device]
        chain = decode(known) if known else decode(devices[device]) + bytes(16)
        clock = bundle["clock"][0]
        for sequence in range(first + 1, last + 1):
            change = next(changes)
            clock += change[0]
            text = canonical(change, device, devices, bundle["people"], sequence, clock)
            chain = hashlib.sha256(chain + text.encode()).digest()
        if last > first and encode(chain) != bundle["chain_have"][device]:
            problems.append(f"chain of device {device}")
    if next(changes, None) is not None or len(bundle["changes"]) != bundle["count"]:
        problems.append("count")
    return problems


if __name__ == "__main__":
    failed = False
    for path in sys.argv[1:]:
        problems = check(path)
        failed = failed or bool(problems)
        print(f"{path}: {'wrong ' + ', '.join(problems) if problems else 'right'}")
    sys.exit(1 if failed or len(sys.argv) < 2 else 0)
