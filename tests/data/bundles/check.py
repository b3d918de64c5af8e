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


def unsigned(value):
    written = bytearray()
    while value >= 0x80:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(written + bytes([value]))


def signed(value):
    return unsigned(value << 1 if value >= 0 else (-value << 1) - 1)


def text(value):
    return unsigned(len(value.encode())) + value.encode()


def packed(value):
    if value is None:
        return b"\0"
    if isinstance(value, int):
        return b"\1" + signed(value)
    return b"\3" + decode(value["r"]) if isinstance(value, dict) else b"\2" + text(value)


def canonical(change, device, roots, people, sequence, clock):
    _, offset, kind, person, entity, row, fields = change
    written = signed(clock) + unsigned(sequence - offset) + bytes([kind]) + (bytes(16) if person is None else decode(people[person]))
    written += text(entity) + decode(row) + unsigned(len(fields))
    for name in sorted(fields, key=lambda name: name.encode()):
        content = fields[name] if isinstance(fields[name], list) else [fields[name]]
        value, pairs = content[0], content[1:]
        written += text(name) + packed(value) + unsigned(len(pairs) // 2)
        for root, number in sorted((decode(roots[index]), number) for index, number in zip(pairs[::2], pairs[1::2])):
            written += (b"\0" if root == decode(roots[device]) else b"\1" + root) + unsigned(number)
    return written


def prime_roots(count, exponent):
    """The first 32 bits of the fractional parts of roots of the first primes: the constants of FIPS 180-4."""
    primes = [n for n in range(2, 400) if all(n % divisor for divisor in range(2, n))][:count]
    roots = []
    for prime in primes:
        low, high = 0, prime << 32
        while high - low > 1:  # the largest root with root ** exponent <= prime * 2 ** (32 * exponent)
            middle = (low + high) // 2
            low, high = (middle, high) if middle**exponent <= prime << (32 * exponent) else (low, middle)
        roots.append(low & 0xFFFFFFFF)
    return roots


ROUNDS = prime_roots(64, 3)


def linked_sha256(initial, message):
    """SHA-256 with 32 bytes of one's own in the place of the initial hash value, which hashlib does not offer."""
    def turn(word, count):
        return (word >> count | word << (32 - count)) & 0xFFFFFFFF

    state = [int.from_bytes(initial[place : place + 4], "big") for place in range(0, 32, 4)]
    padded = message + b"\x80" + bytes(-(len(message) + 9) % 64) + (8 * len(message)).to_bytes(8, "big")
    for block in range(0, len(padded), 64):
        words = [int.from_bytes(padded[place : place + 4], "big") for place in range(block, block + 64, 4)]
        for at in range(16, 64):
            old, late = words[at - 15], words[at - 2]
            words.append((words[at - 16] + (turn(old, 7) ^ turn(old, 18) ^ old >> 3) + words[at - 7] + (turn(late, 17) ^ turn(late, 19) ^ late >> 10)) & 0xFFFFFFFF)
        a, b, c, d, e, f, g, h = state
        for constant, word in zip(ROUNDS, words):
            first = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + (e & f ^ ~e & g) + constant + word
            second = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + (a & b ^ a & c ^ b & c)
            a, b, c, d, e, f, g, h = (first + second) & 0xFFFFFFFF, a, b, c, (d + first) & 0xFFFFFFFF, e, f, g
        state = [(before + after) & 0xFFFFFFFF for before, after in zip(state, (a, b, c, d, e, f, g, h))]
    return b"".join(word.to_bytes(4, "big") for word in state)


def check(path):
    raw = open(path, "rb").read()
    problems = []
    bundle = json.loads(raw)
    covered = raw[: raw.rindex(b'"digest"')]
    if hashlib.sha256(covered).hexdigest() != bundle["digest"]:
        problems.append("digest")
    devices, since, have = bundle["devices"], bundle["since"], bundle["have"]
    origins = bundle.get("origins") or [None] * len(devices)
    roots = [origin[0] if origin else device for origin, device in zip(origins, devices)]
    changes = iter(bundle["changes"])
    for device, (first, last) in enumerate(zip(since, have)):
        known = bundle["chain_since"][device]
        chain = decode(known) if known else decode(roots[device]) + bytes(16)
        clock = bundle["clock"][0]
        for sequence in range(first + 1, last + 1):
            change = next(changes)
            clock += change[0]
            chain = linked_sha256(chain, canonical(change, device, roots, bundle["people"], sequence, clock))
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
