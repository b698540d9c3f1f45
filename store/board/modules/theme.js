// Dark or light: as the system says, unless the viewer chose. A wall is dark: it shines into a room all day.

const KEY = "status-board-theme";
const NEXT = {auto: "dark", dark: "light", light: "auto"};

function stored() {
  try {
    return localStorage.getItem(KEY) ?? "auto";
  } catch {
    return "auto";
  }
}

function store(choice) {
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

export function startTheme(button, {wall}) {
  let choice = NEXT[stored()] ? stored() : "auto";
  const apply = () => {
    const theme = choice === "auto" ? (wall ? "dark" : "") : choice;
    if (theme) {
      document.documentElement.dataset.theme = theme;
    } else {
      delete document.documentElement.dataset.theme;
    }
    button.textContent = `Theme: ${choice}`;
  };
  button.addEventListener("click", () => {
    choice = NEXT[choice];
    store(choice);
    apply();
  });
  apply();
}
