/** Runs in the browser. Text that does not stand out from what is behind it. WCAG 2.2, 1.4.3: 4.5 to 1, or 3 to 1 for large text. */
export function contrast(): string[] {
  type Color = [red: number, green: number, blue: number, alpha: number];
  const context = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", {
    willReadFrequently: true,
  })!;
  const known = new Map<string, Color>();
  const colorOf = (text: string): Color => {
    const before = known.get(text);
    if (before) return before;
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = text;
    context.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 0] = context.getImageData(0, 0, 1, 1).data;
    const color: Color = [red, green, blue, alpha / 255];
    known.set(text, color);
    return color;
  };
  const over = ([r, g, b, a]: Color, [R, G, B]: Color): Color => [
    r * a + R * (1 - a),
    g * a + G * (1 - a),
    b * a + B * (1 - a),
    1,
  ];
  const light = ([r, g, b]: Color) => {
    const [x, y, z] = [r, g, b].map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    }) as [number, number, number];
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = (element: Element | null): Color => {
    if (element === null) return [255, 255, 255, 1];
    const { backgroundColor } = getComputedStyle(element);
    const color = colorOf(backgroundColor);
    return color[3] === 1 ? color : over(color, behind(element.parentElement));
  };
  const painted = [...document.querySelectorAll<SVGGraphicsElement>(".picture :is(.frame, .sheet, .outline)")];
  /** What is drawn earlier lies below. */
  const behindText = (text: Element): Color => {
    const { left, right, top, bottom } = text.getBoundingClientRect();
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    return painted
      .filter((shape) => shape.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING)
      .filter((shape) => {
        const box = shape.getBoundingClientRect();
        return box.left <= x && x <= box.right && box.top <= y && y <= box.bottom;
      })
      .reduce<Color>(
        (below, shape) => {
          const { fill } = getComputedStyle(shape);
          return fill === "none" ? below : over(colorOf(fill), below);
        },
        behind(text.closest("svg")),
      );
  };
  const opacityOf = (element: Element | null): number =>
    element === null ? 1 : Number(getComputedStyle(element).opacity) * opacityOf(element.parentElement);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = new Map<string, string>();
  while (walker.nextNode()) {
    const words = walker.currentNode.textContent!.trim();
    const element = walker.currentNode.parentElement!;
    if (words === "" || !element.checkVisibility({ visibilityProperty: true })) continue;
    // Who cannot be pressed need not stand out; what is only heard is not seen.
    if (element.closest(":disabled, .unseen, .skip, title, option") !== null) continue;
    const style = getComputedStyle(element);
    const isDrawn = element instanceof SVGElement;
    const ground = isDrawn ? behindText(element) : behind(element);
    const [r, g, b, a] = colorOf(isDrawn ? style.fill : style.color);
    const ink = over([r, g, b, a * opacityOf(element)], ground);
    const [darker, lighter] = [light(ink), light(ground)].sort((x, y) => x - y) as [number, number];
    const ratio = (lighter + 0.05) / (darker + 0.05);
    const size = Number.parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (isLarge ? 3 : 4.5))
      found.set(
        `${element.tagName}.${element.getAttribute("class")}`,
        `${ratio.toFixed(2)} to 1: "${words.slice(0, 40)}"`,
      );
  }
  return [...found].map(([element, words]) => `${element} ${words}`);
}
