"""Test results as lines (TAP), which script/test counts."""

import asyncio
import traceback
import typing

SHOWN = 20
LOG_SHOWN = 4000  # characters
STEP_LIMIT_S = 60


class Tap:
    def __init__(self) -> None:
        self.count = self.failed = 0

    def line(self, name: str, faults: list[str]) -> None:
        """One test: passed when there are no faults."""
        self.count += 1
        self.failed += bool(faults)
        print(f"{'not ok' if faults else 'ok'} {self.count} - {name}", flush=True)
        for fault in faults[:SHOWN]:
            print("#", fault.replace("\n", "\n# "), flush=True)

    def skip(self, name: str, why: str) -> None:
        self.count += 1
        print(f"ok {self.count} - {name} # SKIP {why}", flush=True)

    def tell(self, subject: str, story: object, logged: typing.Callable[[], str]) -> int:
        """Runs the public methods of a story in order, each a test that gives back its faults. @return as `end`"""
        for name, step in vars(type(story)).items():
            if not name.startswith("_"):
                self.line(f"{subject}: {step.__doc__.rstrip('.')}", step(story))
        if self.failed:
            print("#", logged()[-LOG_SHOWN:].replace("\n", "\n# "))
        return self.end()

    async def tell_journey(self, subject: str, journey: object) -> int:
        """Runs the public coroutines of a journey in order, each a test that fails when it raises. @return as `end`"""
        for name, step in vars(type(journey)).items():
            if name.startswith("_"):
                continue
            try:
                await asyncio.wait_for(step(journey), STEP_LIMIT_S)
                faults = []
            except Exception as error:  # noqa: BLE001 - any failure of a step is its result
                faults = ["".join(traceback.format_exception(error))]
            self.line(f"{subject}: {name.replace('_', ' ')}", faults)
        return self.end()

    def tell_each(self, *tests: typing.Callable[[], None]) -> int:
        """Runs functions, each a test that fails when it raises. @return as `end`"""
        for test in tests:
            try:
                test()
                faults = []
            except Exception:  # noqa: BLE001 - any failure of a test is its result
                faults = [traceback.format_exc()]
            self.line(test.__name__.replace("_", " "), faults)
        return self.end()

    def end(self) -> int:
        """@return the program's exit status"""
        print(f"1..{self.count}")
        return int(self.failed > 0)
