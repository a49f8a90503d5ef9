"""How Dockerfiles are built, as workflows, scripts and compose files say."""

from tests.doctor.repositories import checkout_of
from wharf.doctor.looks.image_builds import ANY_ARGUMENT, ImageBuild, image_builds
from wharf.formats.files import WrittenFiles

CI = ".github/workflows/ci.yml"
CHECKOUT = "      - uses: actions/checkout@v4\n"
FROM = "FROM scratch\n"


def workflow(steps: str) -> str:
    return f"on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n{steps}"


def builds(files: dict[str, str]) -> tuple[ImageBuild, ...]:
    return checkout_of(WrittenFiles(files)).once(image_builds)


def by_workflow(steps: str) -> list[tuple[str, str]]:
    return [(build.dockerfile, build.context) for build in builds({CI: workflow(steps)})]


def test_a_command_is_seen_where_it_runs() -> None:
    steps = CHECKOUT + "      - run: docker build -t a -f Dockerfile.prod ..\n        working-directory: web/app\n"
    assert [("web/app/Dockerfile.prod", "web")] == by_workflow(steps)


def test_a_command_in_a_folder_that_is_not_known_is_left_out() -> None:
    assert [] == by_workflow(CHECKOUT + '      - run: cd "$(mktemp -d)" && docker build -t a .\n')
    steps = CHECKOUT + "      - run: docker build -t a .\n        working-directory: ${{ vars.FOLDER }}\n"
    assert [] == by_workflow(steps)


def test_an_action_with_a_context_of_its_own() -> None:
    steps = CHECKOUT + "      - uses: docker/build-push-action@v6\n        with: {context: ./web, target: prod}\n"
    (build,) = builds({CI: workflow(steps)})
    assert ("web/Dockerfile", "web", "prod") == (build.dockerfile, build.context, build.target and build.target.flat)
    assert build.uses_ignore_file


def test_an_action_without_a_context_takes_the_repository_from_git() -> None:
    (build,) = builds({CI: workflow("      - uses: docker/build-push-action@v6\n        with: {push: false}\n")})
    assert not build.uses_ignore_file
    assert build.is_checked_out


def test_a_local_context_needs_a_checkout() -> None:
    (build,) = builds({CI: workflow("      - uses: docker/build-push-action@v6\n        with: {context: .}\n")})
    assert not build.is_checked_out


def test_a_repository_that_lies_elsewhere_is_not_looked_at() -> None:
    steps = "      - uses: actions/checkout@v4\n        with: {path: app}\n      - run: docker build -t a app\n"
    assert [] == by_workflow(steps)


def test_whatever_ran_before_may_have_made_files() -> None:
    steps = CHECKOUT + "      - run: npm run build\n      - run: docker build -t a .\n"
    assert [False] == [build.is_pristine for build in builds({CI: workflow(steps)})]
    assert [True] == [
        build.is_pristine for build in builds({CI: workflow(CHECKOUT + "      - run: docker build -t a .\n")})
    ]


def test_arguments_of_a_build_are_known() -> None:
    steps = CHECKOUT + "      - run: docker buildx build --push --build-arg A=1 --build-arg B=2 -t a .\n"
    (build,) = builds({CI: workflow(steps)})
    assert {"A": "1", "B": "2"} == {name: value.flat for name, value in build.arguments.items()}


def test_arguments_may_not_be_known() -> None:
    steps = CHECKOUT + (
        "      - uses: docker/build-push-action@v6\n        with:\n          context: .\n"
        "          build-args: ${{ vars.ARGUMENTS }}\n"
    )
    (build,) = builds({CI: workflow(steps)})
    assert {ANY_ARGUMENT} == set(build.arguments)


def test_a_compose_file_builds() -> None:
    (build,) = builds(
        {"compose.yaml": "services:\n  a:\n    build:\n      context: web\n      dockerfile: d/Dockerfile\n"}
    )
    assert ("web/d/Dockerfile", "web", "compose") == (build.dockerfile, build.context, build.by)


def test_a_dockerfile_at_the_top_of_which_nobody_speaks_is_built_where_it_lies() -> None:
    (build,) = builds({"Dockerfile": FROM, "web/Dockerfile": FROM})
    assert ("Dockerfile", "", False) == (build.dockerfile, build.context, build.is_said)


def test_an_argument_that_is_a_name_alone_comes_from_the_environment() -> None:
    action = "      - uses: docker/build-push-action@v6\n        with: {context: ., build-args: BASE}\n"
    ways = {
        CI: workflow(CHECKOUT + "      - run: docker build --build-arg BASE .\n" + action),
        "compose.yml": "services:\n  a: {build: {context: ., args: [BASE]}}\n",
        "other/compose.yml": "services:\n  b: {build: {context: .., args: {BASE: }}}\n",
    }
    assert [True] * 4 == [bool(build.arguments["BASE"].holes) for build in builds(ways)]
