"""How long the fuzz runs are: the same short run for everybody, or a long one that tries something else each time.

`WHARF_FUZZ=20 pytest tests/hostile` runs twenty times as many examples, at random, and makes what fails as small as it
can. The short run only finds: making a long history small takes minutes.
"""

import os

from hypothesis import HealthCheck, Phase, settings

_TIMES = int(os.environ.get("WHARF_FUZZ", "1"))


def budget(examples: int, steps: int = 1) -> settings:
    """So many examples of so many steps, times the length of this run. Slow examples are no wrong ones."""
    is_short = _TIMES == 1
    return settings(
        max_examples=examples * _TIMES,
        stateful_step_count=steps,
        derandomize=is_short,
        phases=[Phase.generate] if is_short else [Phase.generate, Phase.shrink],
        database=None,
        deadline=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )
