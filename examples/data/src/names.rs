//! Names of nobody in particular.

/// First names.
pub const FIRST: [&str; 60] = [
    "Ada", "Jonas", "Mia", "Luca", "Sofia", "Noah", "Emma", "Paul", "Lena", "Felix", "Clara", "Max", "Hanna", "Leon", "Marie",
    "Louis", "Chloé", "Hugo", "Camille", "Jules", "Inès", "Théo", "Manon", "Giulia", "Marco", "Chiara", "Matteo", "Elena",
    "Davide", "Lucía", "Pablo", "Carmen", "Javier", "Marta", "Diego", "Olivia", "George", "Amelia", "Harry", "Grace", "Oscar",
    "Zofia", "Jan", "Maja", "Jakub", "Hania", "Antoni", "Sanne", "Daan", "Lotte", "Bram", "Yusuf", "Aylin", "Amir", "Leila",
    "Mehmet", "Nina", "Viktor", "Irina", "Samuel",
];

/// Family names.
pub const LAST: [&str; 70] = [
    "Brandt", "Keller", "Vogel", "Lang", "Busch", "Krämer", "Winter", "Sommer", "Haas", "Graf", "Roth", "Seidel", "Ott",
    "Pohl", "Moreau", "Girard", "Lefèvre", "Mercier", "Dupuis", "Fontaine", "Chevalier", "Robin", "Masson", "Rinaldi",
    "Conti", "Gallo", "Greco", "Bruno", "Marini", "Ferrara", "Navarro", "Torres", "Molina", "Delgado", "Ortega", "Rubio",
    "Serrano", "Walsh", "Bennett", "Palmer", "Hughes", "Foster", "Barnes", "Reid", "Nowak", "Mazur", "Krawczyk", "Zając",
    "Król", "Wieczorek", "de Boer", "Visser", "Mulder", "Bos", "Yılmaz", "Kaya", "Demir", "Haddad", "Rahimi", "Novak",
    "Horvat", "Petrov", "Ivanova", "Lindner", "Egger", "Huber", "Wyss", "Frei", "Steiner", "Moser",
];
