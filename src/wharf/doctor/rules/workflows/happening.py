"""What must have happened for a finding to come true, in words."""

from wharf.doctor.finding import Evidence
from wharf.doctor.language import Words
from wharf.doctor.looks.image_jobs import ImageJob
from wharf.formats.event import Event


def words_of(event: Event) -> Words:
    if event.name == "push" and event.tag:
        return Words(f"a push of the tag {event.tag}", f"{event.tag} 태그 푸시")
    if event.name == "push":
        return Words(f"a push to {event.branch}", f"{event.branch} 브랜치 푸시")
    if event.name.startswith("pull_request"):
        return Words("a pull request", "풀 리퀘스트")
    return Words(f"the event {event.name}", f"{event.name} 이벤트")


def evidence_of(jobs: list[ImageJob]) -> Evidence:
    said = [words_of(event) for event in dict.fromkeys(job.event for job in jobs)][:3]
    return Evidence(
        Words(
            f"it happens on {', '.join(words.english for words in said)}, in the job {jobs[0].run.job}",
            f"{', '.join(words.korean for words in said)} 때 {jobs[0].run.job} 작업에서 일어납니다",
        ),
        jobs[0].run.span,
    )
