"""Which way a script takes: its conditions, loops, pipes and functions. Where that is not known, it takes each way."""

from collections.abc import Callable, Iterable
from typing import Final

from wharf.formats.hole import Hole, Reason, Unknown
from wharf.formats.shell.budget import Budget
from wharf.formats.shell.check import Checker
from wharf.formats.shell.expand import Expander
from wharf.formats.shell.ran import Failing
from wharf.formats.shell.redirects import Redirects
from wharf.formats.shell.syntax import (
    Case,
    Chain,
    Check,
    Command,
    Count,
    For,
    Function,
    Group,
    If,
    Loop,
    Pipeline,
    Redirected,
    Script,
    Simple,
    While,
    Word,
)
from wharf.formats.shell.wildcard import matches
from wharf.formats.shell.world import Leaving, Variable, World, ended
from wharf.formats.text import Text

MOST_ROUNDS, _MOST_APART = 100, 30
MOST_TURNS: Final = 20
"""Of a loop that waits for something: each turn may be the last one, and what follows is followed for all of them."""
_SAYING: Final = frozenset({"true", ":", "echo", "printf"})
_ENDING: Final = frozenset({"exit", "return"})
Run = Callable[[World], list[World]]
Listed = Callable[[Iterable[Word], World], list[Text]]


class Control:
    """`simple` follows a command without inner commands, `listed` gives what `for` goes through."""

    def __init__(
        self,
        budget: Budget,
        expander: Expander,
        redirects: Redirects,
        simple: Callable[[Simple, World], list[World]],
        listed: Listed,
    ) -> None:
        self._budget = budget
        self._expander = expander
        self._redirects = redirects
        self._simple = simple
        self._listed = listed
        self._checker = Checker(expander)

    def run(self, script: Script, world: World) -> list[World]:
        if not self._budget.enter(world):
            return [world]
        base, was_last = len(world.entries), world.is_last
        worlds = [world]
        for at, chain in enumerate(script.chains):
            is_last = was_last and at == len(script.chains) - 1
            after = [after for one in worlds for after in self._next(chain, one, is_last=is_last)]
            worlds = self._budget.merge(after, base)
        for one in worlds:
            one.is_last = was_last
        self._budget.leave()
        return worlds

    def _next(self, chain: Chain, world: World, *, is_last: bool) -> list[World]:
        if world.leaving is not Leaving.NO or not self._budget.step(world):
            return [world]
        world.is_last = is_last
        return self._behind(chain, world) if chain.is_behind else self._chain(chain, world)

    def apart(self, run: Run, world: World, *, stdin: Text | None = None, collects: bool = False) -> list[Text]:
        """In a shell of its own: what it does is done, what it knows is lost. What it may print, each once."""
        inner = world.fork()
        inner.output = [] if collects else None
        inner.stdin = stdin if stdin is not None else world.stdin
        worlds = run(inner)
        world.log = ended(worlds)
        world.files = next((one.files for one in worlds if one.leaving is not Leaving.FAILED), inner.files)
        states = {False if one.leaving is Leaving.FAILED else one.status for one in worlds}
        world.status = states.pop() if len(states) == 1 else None
        world.is_probe = any(one.is_probe for one in worlds)
        healthy = [one for one in worlds if one.leaving is not Leaving.FAILED] or worlds
        return list(dict.fromkeys(Text.joined(one.output or ()) for one in healthy))

    def _behind(self, chain: Chain, world: World) -> list[World]:
        self.apart(lambda inner: self._chain(chain, inner), world)
        world.status = True
        return [world]

    def _chain(self, chain: Chain, world: World) -> list[World]:
        base = len(world.entries)
        following = [*chain.rest, None]
        worlds = self._link(chain.first, following[0], world)
        for at, (operator, pipeline) in enumerate(chain.rest, 1):
            then = following[at]
            after = [after for one in worlds for after in self._then(operator, pipeline, then, one)]
            worlds = self._budget.merge(after, base)
        return worlds

    def _link(self, pipeline: Pipeline, then: tuple[str, Pipeline] | None, world: World) -> list[World]:
        if then is None:
            worlds = self.pipeline(pipeline, world)
            return worlds if pipeline.is_negated else [_ending_on_failure(one) for one in worlds]
        return self._with_failing(_failing_before(*then), lambda inner: self.pipeline(pipeline, inner), world)

    def _with_failing(self, failing: Failing, run: Run, world: World) -> list[World]:
        before = world.failing
        world.failing = before or failing
        worlds = run(world)
        for one in worlds:
            one.failing = before
        return worlds

    def _then(
        self, operator: str, pipeline: Pipeline, then: tuple[str, Pipeline] | None, world: World
    ) -> list[World]:  # fmt: skip
        if world.leaving is not Leaving.NO or not self._budget.step(world):
            return [world]
        wanted = operator == "&&"
        if world.status is (not wanted):
            return [world]
        if world.status is None and (not wanted or world.is_probe):
            yes, no = ways(world, pipeline.text)
            taken, other = (yes, no) if wanted else (no, yes)
            return (
                [other, *self._link(pipeline, then, taken)] if wanted else [*self._link(pipeline, then, taken), other]
            )
        return self._link(pipeline, then, world)

    def pipeline(self, pipeline: Pipeline, world: World) -> list[World]:
        if len(pipeline.commands) > 1:
            worlds = self._piped(pipeline.commands, world)
        elif pipeline.is_negated:
            worlds = self._with_failing(
                Failing.PASSED_OVER, lambda inner: self.command(pipeline.commands[0], inner), world
            )
        else:
            worlds = self.command(pipeline.commands[0], world)
        if pipeline.is_negated:
            for one in worlds:
                one.status = None if one.status is None else not one.status
                one.question = None
        return worlds

    def _piped(self, commands: tuple[Command, ...], world: World) -> list[World]:
        stdin = world.stdin
        for command in commands[:-1]:
            if not self._budget.step(world):
                return [world]
            printed = self.apart(self._first_of_pipe(command), world, stdin=stdin, collects=True)
            stdin = one_of(printed, world)
        last = self.apart(
            lambda inner: self.command(commands[-1], inner), world, stdin=stdin, collects=world.output is not None
        )
        world.print(one_of(last, world))
        return [world]

    def _first_of_pipe(self, command: Command) -> Run:
        def run(inner: World) -> list[World]:
            if "pipefail" not in inner.options:
                inner.failing = Failing.PASSED_OVER
            return self.command(command, inner)

        return run

    def command(self, command: Command, world: World) -> list[World]:
        match command:
            case Simple():
                return self._simple(command, world)
            case Redirected():
                return self._redirects.around(
                    command.redirects, world, lambda inner, _: self.command(command.command, inner)
                )
            case Check() | Count():
                return self._asked(command, world)
            case Group():
                return self._group(command, world)
            case Function():
                world.functions[command.name] = command.body
                world.status = True
                return [world]
        return self._way(command, world)

    def _way(self, command: If | For | While | Case | Loop, world: World) -> list[World]:
        match command:
            case If():
                return self._if(command, world)
            case For():
                return self._for(command, world)
            case While():
                return self._while(command, world)
            case Case():
                return self._case(command, world)
            case Loop():
                return self._loop(command, world)

    def _group(self, command: Group, world: World) -> list[World]:
        if not command.is_apart:
            return self.run(command.body, world)
        collects = world.output is not None
        texts = self.apart(lambda inner: self.run(command.body, inner), world, collects=collects)
        world.print(one_of(texts, world))
        return [_ending_on_failure(world)]

    def _asked(self, command: Check | Count, world: World) -> list[World]:
        world.is_probe = True
        if isinstance(command, Check):
            self._checker.check(command.words, world)
        else:
            value = self._expander.number(self._expander.text(command.body, world), world)
            world.status = None if value is None else value != 0
        return [world]

    def _if(self, command: If, world: World) -> list[World]:
        base = len(world.entries)
        done, pending = [], [world]
        for condition, body in command.branches:
            further: list[World] = []
            for one in pending:
                taken, others, left = self._decided(condition, one)
                done += left
                further += others
                for inner in taken:
                    done += self.run(body, inner)
            pending = self._budget.merge(further, base)
        for one in pending:
            one.status = True
            done += self.run(command.otherwise, one) if command.otherwise else [one]
        return self._budget.merge(done, base)

    def _decided(self, condition: Script, world: World) -> tuple[list[World], list[World], list[World]]:
        """Where the condition holds, where it does not, and where the script has left."""
        yes, no, left = [], [], []
        text = condition.chains[-1].first.text if condition.chains else Text()
        for one in self._with_failing(Failing.DECIDES, lambda inner: self.run(condition, inner), world):
            if one.leaving is not Leaving.NO:
                left.append(one)
            elif one.status is None:
                first, second = ways(one, text)
                yes.append(first)
                no.append(second)
            else:
                (yes if one.status else no).append(one)
        return yes, no, left

    def _while(self, command: While, world: World) -> list[World]:
        base = len(world.entries)
        going, done = [world], []
        for _ in range(MOST_TURNS):
            further: list[World] = []
            known = [dict(one.variables) for one in going]
            for one in going:
                was_known = len(going)
                yes, no, left = self._decided(command.condition, one)
                if command.is_until:
                    yes, no = no, yes
                done += [*left, *no]
                is_sure = not no and was_known == 1
                after = [again for inner in yes for again in self.run(command.body, inner)]
                for inner in after:
                    (done if _leaves_loop(inner) or not is_sure else further).append(inner)
            going = self._budget.merge(further, base)
            if not going or not self._budget.step(going[0]) or _stands_still(known, going):
                break
        return self._budget.merge([*done, *going], base)

    def _for(self, command: For, world: World) -> list[World]:
        base = len(world.entries)
        words = self._listed(command.words, world) if command.words is not None else _arguments(world)
        going, done = [world], []
        for word in words[:MOST_ROUNDS]:
            further: list[World] = []
            for one in going:
                if len(word.holes) == len(word) > 0:
                    done.append(one.fork())
                one.set(command.name, word)
                for after in self.run(command.body, one):
                    (done if _leaves_loop(after) else further).append(after)
            going = self._budget.merge(further, base)
        if len(words) > MOST_ROUNDS:
            world.note(Hole(Reason(Unknown.TOO_MUCH, "for"), words[-1].span))
        return self._budget.merge([*done, *going], base)

    def _loop(self, command: Loop, world: World) -> list[World]:
        base = len(world.entries)
        once, never = ways(world, command.text)
        if command.name:
            once.set(command.name, Text.unknown(Unknown.INPUT, command.name, command.text.span))
        worlds = self.run(command.body, once)
        for one in worlds:
            _leaves_loop(one)
        return self._budget.merge([*worlds, never], base)

    def _case(self, command: Case, world: World) -> list[World]:
        base = len(world.entries)
        subject = self._expander.text(command.word, world)
        done: list[World] = []
        pending: World | None = world
        for at, arm in enumerate(command.arms):
            if pending is None:
                break
            answer = self._matches(arm.patterns, subject, pending)
            if answer is None:
                taken, pending = ways(pending, command.text)
                done += self._arm(command, at, taken)
                done = self._budget.merge(done, base) if len(done) > _MOST_APART else done
            elif answer:
                done += self._arm(command, at, pending)
                pending = None
        return self._budget.merge(done if pending is None else [*done, pending], base)

    def _arm(self, command: Case, at: int, world: World) -> list[World]:
        worlds = self.run(command.arms[at].body, world)
        while command.arms[at].falls_through and at + 1 < len(command.arms):
            at += 1
            worlds = [after for one in worlds for after in self._next_arm(command.arms[at].body, one)]
        return worlds

    def _next_arm(self, body: Script, world: World) -> list[World]:
        return self.run(body, world) if world.leaving is Leaving.NO else [world]

    def _matches(self, patterns: tuple[Word, ...], subject: Text, world: World) -> bool | None:
        answers: list[bool | None] = []
        for word in patterns:
            pattern = self._expander.pattern(word, world)
            answers.append(None if pattern is None else matches(pattern, subject.flat))
        return True if True in answers else None if None in answers else False


def ways(world: World, text: Text) -> tuple[World, World]:
    """The world where the last command succeeded, and the one where it did not."""
    other = world.fork()
    if world.question is not None:
        world.decided = {**(world.decided or {}), world.question: True}
        other.decided = {**(other.decided or {}), world.question: False}
    world.status, other.status = True, False
    world.question = other.question = None
    world.condition = other.condition = text.flat[:60]
    return world, other


def one_of(texts: list[Text], world: World) -> Text:
    if len(texts) == 1:
        return texts[0]
    return Text.unknown(Unknown.EITHER, world.condition or "output") if texts else Text()


def _ending_on_failure(world: World) -> World:
    if world.status is False and "e" in world.options and world.failing is None and world.leaving is Leaving.NO:
        world.leaving = Leaving.FAILED
    return world


def _stands_still(before: list[dict[str, Variable]], after: list[World]) -> bool:
    """Another turn would find what this one found: it waits for something else than the script."""
    return before == [one.variables for one in after]


def _leaves_loop(world: World) -> bool:
    """Whether the world leaves the innermost loop; what concerned that loop alone is done with."""
    if world.leaving in (Leaving.BREAK, Leaving.CONTINUE):
        is_break = world.leaving is Leaving.BREAK
        if world.levels > 1:
            world.levels -= 1
            return True
        world.leaving, world.levels = Leaving.NO, 0
        return is_break
    return world.leaving is not Leaving.NO


def _failing_before(operator: str, then: Pipeline) -> Failing:
    """What becomes of a failure before `||`, by what stands behind it."""
    command = then.commands[0]
    if operator == "||" and len(then.commands) == 1:
        if isinstance(command, Simple) and command.words:
            name = command.words[0].literal
            return Failing.PASSED_OVER if name in _SAYING else Failing.ENDS if name in _ENDING else Failing.DECIDES
        if isinstance(command, Group) and _ends(command.body):
            return Failing.ENDS
    return Failing.DECIDES


def _ends(script: Script) -> bool:
    last = script.chains[-1].first.commands[0] if script.chains else None
    return isinstance(last, Simple) and bool(last.words) and last.words[0].literal in _ENDING


def _arguments(world: World) -> list[Text]:
    return [Text.unknown(Unknown.INPUT, "$@")] if world.arguments is None else list(world.arguments)
