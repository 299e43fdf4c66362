"""What veraPDF says of PDF files. $TORG_VERAPDF is its jar."""

import json
import os
import pathlib
import subprocess

JAR = os.environ.get("TORG_VERAPDF", "build/tools/java/cli.jar")
# One short run: the serial collector and the quick compiler halve its CPU time.
JAVA = ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx512m", "-jar", JAR]
LIMIT_S = 240
FAULTS_SHOWN = 5


def verdicts(folder: pathlib.Path) -> dict[str, dict[str, list[str]]]:
    """For each PDF of the folder: the standards that it claims (`PDF/A-2a`), each with its faults; none is a pass."""
    command = [*JAVA, "--format", "json", "--loglevel", "1", "--recurse", str(folder)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=LIMIT_S, text=True)
    jobs = json.loads(done.stdout)["report"]["jobs"]
    return {pathlib.Path(job["itemDetails"]["name"]).name: claims(job) for job in jobs}


def claims(job: dict) -> dict[str, list[str]]:
    if "validationResult" not in job:
        return {"unreadable": [str(job.get("taskException", "no result"))]}
    return {result["profileName"].removesuffix(" validation profile"): faults(result) for result in job["validationResult"]}


def faults(result: dict) -> list[str]:
    if result["compliant"]:
        return []
    rules = [rule for rule in result["details"]["ruleSummaries"] if rule["status"] == "failed"]
    return [f"{rule['clause']}-{rule['testNumber']}: {rule['description']}" for rule in rules][:FAULTS_SHOWN] or ["fails"]
