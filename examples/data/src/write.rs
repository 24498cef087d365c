//! The network as CSV files, in the order in which they must be imported.

use std::io;

use uuid::Uuid;

use crate::Network;

impl Network {
    /// File names and contents.
    ///
    /// # Errors
    /// Never in practice: everything is written into memory.
    pub fn files(&self) -> io::Result<Vec<(&'static str, Vec<u8>)>> {
        Ok(vec![
            ("dealers.csv", self.dealers()?),
            ("locations.csv", self.locations()?),
            ("courses.csv", self.courses()?),
            ("people.csv", self.people()?),
            ("sessions.csv", self.sessions()?),
            ("completions.csv", self.completions()?),
        ])
    }

    fn dealers(&self) -> io::Result<Vec<u8>> {
        file("id,name,group,region,city,lat,lon,zone", &self.dealers, |it| {
            let (lat, lon) = it.place;
            vec![
                it.id.to_string(),
                it.name.clone(),
                it.group.to_owned(),
                it.region.to_owned(),
                it.city.to_owned(),
                lat.to_string(),
                lon.to_string(),
                it.zone.to_owned(),
            ]
        })
    }

    fn locations(&self) -> io::Result<Vec<u8>> {
        file("id,name,address,city,country,lat,lon,zone,rooms", &self.locations, |it| {
            let (lat, lon) = it.place;
            vec![
                it.id.to_string(),
                format!("Training centre {}", it.city),
                it.address.clone(),
                it.city.to_owned(),
                it.country.to_owned(),
                lat.to_string(),
                lon.to_string(),
                it.zone.to_owned(),
                it.rooms.join(";"),
            ]
        })
    }

    fn courses(&self) -> io::Result<Vec<u8>> {
        let header =
            "id,title,summary,programme_type,topics,track,length,validity,travel,prerequisites,equivalents";
        file(header, &self.courses, |it| {
            vec![
                it.id.to_string(),
                it.title.clone(),
                it.summary.clone(),
                it.programme_type.to_owned(),
                it.topics.join(";"),
                it.track.to_owned(),
                format!("PT{}H", it.hours as usize * it.days),
                it.validity_months.map_or_else(String::new, |months| format!("P{months}M")),
                (it.days > 1).to_string(),
                ids(it.after.as_slice()),
                ids(&it.equivalents),
            ]
        })
    }

    fn people(&self) -> io::Result<Vec<u8>> {
        file(
            "id,name,email,dealer,roles,manager,stands_in_for,preferred_locations,preferred_times,interests,notify_by,zone,active",
            &self.people,
            |it| {
                vec![
                    it.id.to_string(),
                    it.name.clone(),
                    it.email.clone(),
                    ids(it.dealer.as_slice()),
                    it.roles.clone(),
                    ids(it.manager.as_slice()),
                    ids(&it.stands_in_for),
                    ids(&it.preferred_locations),
                    it.preferred_times.join(";"),
                    it.interests.join(";"),
                    "mail".to_owned(),
                    it.zone.to_owned(),
                    "true".to_owned(),
                ]
            },
        )
    }

    fn sessions(&self) -> io::Result<Vec<u8>> {
        let header = "id,course,location,room,starts,length,capacity,minimum,waitlist,instructors,status";
        file(header, &self.sessions, |it| {
            let starts: Vec<_> = it.days.iter().map(|day| format!("{day}T{:02}:00", it.hour)).collect();
            let course = &self.courses[it.course];
            vec![
                it.id.to_string(),
                course.id.to_string(),
                self.locations[it.location].id.to_string(),
                it.room.clone(),
                starts.join(";"),
                format!("PT{}H", course.hours),
                it.capacity.to_string(),
                it.minimum.to_string(),
                it.waitlist.to_string(),
                ids(&it.instructors),
                it.status.to_owned(),
            ]
        })
    }

    fn completions(&self) -> io::Result<Vec<u8>> {
        file("person,course,completed_on", &self.completions, |it| {
            vec![it.person.to_string(), it.course.to_string(), it.completed_on.to_string()]
        })
    }
}

fn ids(ids: &[Uuid]) -> String {
    ids.iter().map(Uuid::to_string).collect::<Vec<_>>().join(";")
}

fn file<T>(header: &str, items: &[T], cells: impl Fn(&T) -> Vec<String>) -> io::Result<Vec<u8>> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(header.split(','))?;
    for item in items {
        csv.write_record(cells(item))?;
    }
    csv.into_inner().map_err(|error| io::Error::other(error.to_string()))
}
