"""A dealer network as CSV: one session with a seat for everybody."""

from __future__ import annotations

import sys
import uuid
from pathlib import Path

ZONE = "Europe/Berlin"


def write(folder: Path, learners: int) -> None:
    """The files, in this folder."""
    dealer, centre, course, session = (uuid.uuid4() for _ in range(4))
    files = {
        "dealers": ["id,name,group,region,city,lat,lon,zone", f"{dealer},Dealer,,,Köln,50.94,6.96,{ZONE}"],
        "locations": ["id,name,address,city,country,lat,lon,zone,rooms", f"{centre},Centre,,Köln,DE,50.94,6.96,{ZONE},1"],
        "courses": [
            "id,title,summary,programme_type,topics,track,length,validity,travel,prerequisites,equivalents",
            f"{course},Brakes,,compliance,brakes,,PT6H,,false,,",
        ],
        "people": ["id,name,email,dealer,roles,manager,stands_in_for,preferred_locations,preferred_times,interests,notify_by,zone,active"],
        "sessions": [
            "id,course,location,room,starts,length,capacity,minimum,waitlist,instructors,status",
            f"{session},{course},{centre},,2099-03-16T09:00,PT6H,{learners},1,true,,published",
        ],
    }
    for _ in range(learners):
        person = uuid.uuid4()
        files["people"].append(f"{person},Learner {person.hex},{person.hex}@dealer.example,{dealer},learner,,,,,,,{ZONE},true")
    for name, lines in files.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
