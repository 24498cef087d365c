//! Circles: courses that would, one by one, require themselves.

use std::collections::BTreeMap;

use crate::catalog::Course;
use crate::ids::CourseId;

#[derive(Clone, Copy, PartialEq)]
enum Mark {
    OnPath,
    Done,
}

/// The first circle of prerequisites among `courses`, as the courses along it with the first again at its end.
///
/// Courses and their prerequisites are walked in order of id, so that the same input always shows the same circle.
pub fn cycle(courses: &BTreeMap<CourseId, Course>) -> Option<Vec<CourseId>> {
    let mut marks = BTreeMap::new();
    courses.keys().find_map(|&start| walk(courses, start, &mut marks))
}

/// Depth first with a path of our own: thousands of courses in a line must not end the stack.
fn walk(
    courses: &BTreeMap<CourseId, Course>,
    start: CourseId,
    marks: &mut BTreeMap<CourseId, Mark>,
) -> Option<Vec<CourseId>> {
    if marks.contains_key(&start) {
        return None;
    }
    let needs = |id: CourseId| courses.get(&id).map_or(&[][..], |course| course.prerequisites.as_slice());
    let mut path = vec![(start, 0)];
    marks.insert(start, Mark::OnPath);
    while let Some((course, next)) = path.last_mut() {
        let Some(&needed) = needs(*course).get(*next) else {
            marks.insert(*course, Mark::Done);
            path.pop();
            continue;
        };
        *next += 1;
        match marks.get(&needed) {
            Some(Mark::Done) => {}
            Some(Mark::OnPath) => {
                let mut circle: Vec<_> =
                    path.iter().map(|(id, _)| *id).skip_while(|id| *id != needed).collect();
                circle.push(needed);
                return Some(circle);
            }
            None => {
                marks.insert(needed, Mark::OnPath);
                path.push((needed, 0));
            }
        }
    }
    None
}
