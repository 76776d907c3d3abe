import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { reloadWhenOutdated } from "./reload.ts";
import { applyTheme } from "./theme.ts";
import "./style.css";

applyTheme();
reloadWhenOutdated();
createRoot(document.getElementById("page")!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
