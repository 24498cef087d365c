declare module "ilt:plugin/journal@0.1.0" {
  const journal: { log(level: "info" | "warning", line: string): void };
  export default journal;
}
