"""`make sbom`: writes var/sbom.json, the parts of an installation as CycloneDX 1.6 (https://cyclonedx.org/).

From the lock alone, so that the same lock gives the same bytes on every machine, whenever it is made; with the licenses
of docs/licenses.md. Of each package it holds the hashes of all files that the lock lets in, and not where those come
from.
"""

import json
import subprocess
import sys
import tomllib
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from dev import licenses
from dev.locked import asked_for, canonical
from dev.processes import ROOT

PLACE = ROOT / "var" / "sbom.json"
LOCK = "requirements.txt"
MAKE = ("-m", "cyclonedx_py", "requirements", "--spec-version", "1.6", "--output-reproducible")
# What stands in static/ and is not ours, each with its folder's license file.
STATIC = (
    ("Literata", "OFL-1.1", "static/fonts/LICENSE-literata.txt"),
    ("Public Sans", "OFL-1.1", "static/fonts/LICENSE-public-sans.txt"),
    ("Lucide", "ISC", "static/LICENSE-lucide.txt"),
)


def main() -> int:
    PLACE.parent.mkdir(exist_ok=True)
    PLACE.write_text(text())
    print(f"{PLACE.relative_to(ROOT)}: {len(json.loads(PLACE.read_text())['components'])} parts")
    return 0


def text() -> str:
    """The bill as JSON. A ValueError says what of it CycloneDX's own schema does not allow."""
    made = subprocess.run([sys.executable, *MAKE, LOCK], cwd=ROOT, capture_output=True, check=True)
    bill = _refined(json.loads(made.stdout))
    written = json.dumps(bill, indent=2, sort_keys=True) + "\n"
    if fault := JsonStrictValidator(SchemaVersion.V1_6).validate_str(written):
        raise ValueError(str(fault))
    return written


def _refined(bill: dict[str, Any]) -> dict[str, Any]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    said = licenses.written()
    components = [_package(one, said) for one in bill["components"]]
    refs = {canonical(one["name"]): one["bom-ref"] for one in components}
    root = {
        "bom-ref": project["name"],
        "description": project["description"],
        "name": project["name"],
        "type": "application",
        "version": project["version"],
    }
    direct = sorted({refs[name] for one in asked_for() if (name := canonical(one.name)) in refs})
    return {
        "$schema": bill["$schema"],
        "bomFormat": bill["bomFormat"],
        "specVersion": bill["specVersion"],
        "version": 1,
        "metadata": {"component": root},
        "components": [*components, *map(_static, STATIC)],
        "dependencies": [{"ref": root["bom-ref"], "dependsOn": [*direct, *(name for name, *_ in STATIC)]}],
    }


def _package(component: dict[str, Any], said: dict[str, str]) -> dict[str, Any]:
    purl = component["purl"]
    hashes = [one for place in component["externalReferences"] for one in place.get("hashes", [])]
    return {
        "bom-ref": purl,
        # The format keeps hashes of several files at the place that they come from; ours is the package's name.
        "externalReferences": [{"hashes": hashes, "type": "distribution", "url": purl}],
        "licenses": [{"expression": said[canonical(component["name"])]}],
        "name": component["name"],
        "purl": purl,
        "type": "library",
        "version": component["version"],
    }


def _static(part: tuple[str, str, str]) -> dict[str, Any]:
    name, license_id, words = part
    return {
        "bom-ref": name,
        "licenses": [{"license": {"id": license_id}}],
        "name": name,
        "properties": [{"name": "best-stuff:license-file", "value": words}],
        "type": "data",
    }


if __name__ == "__main__":
    sys.exit(main())
