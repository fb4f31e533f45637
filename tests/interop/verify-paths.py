"""Validates certification paths with pyHanko: verify-paths.py FOLDER COUNT SECONDS.

FOLDER has root.pem and, for each number below COUNT, N.issuer.pem and N.pem. SECONDS is the time of
the question. Prints a JSON list: whether each path is valid.
"""

import asyncio
import json
import sys
from datetime import datetime, timezone
from pathlib import Path

from pyhanko.keys import load_cert_from_pemder
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, PathValidationError

folder, count, seconds = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])


def load(name):
    return load_cert_from_pemder(str(folder / name))


async def verdicts():
    root = load("root.pem")
    for number in range(count):
        context = ValidationContext(
            trust_roots=[root],
            moment=datetime.fromtimestamp(seconds, timezone.utc),
            best_signature_time=datetime.fromtimestamp(seconds, timezone.utc),
            allow_fetching=False,
        )
        validator = CertificateValidator(load(f"{number}.pem"), [load(f"{number}.issuer.pem")], validation_context=context)
        try:
            await validator.async_validate_path()
            yield True
        except (PathBuildingError, PathValidationError):
            yield False


async def main():
    print(json.dumps([verdict async for verdict in verdicts()]))


asyncio.run(main())
