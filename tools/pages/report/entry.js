// What charts.js uses of Observable Plot, and nothing else, so that the bundler can leave out the rest.
export { axisX, axisY, barX, dot, gridY, plot, pointer, rect, ruleY, text, tip } from "@observablehq/plot";
