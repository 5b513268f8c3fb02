// Loaded into a process before its program: its wall clock is as far from the machine's as MOVED_CLOCK_MS says.

const RealDate = Date
const offsetMs = Number(process.env['MOVED_CLOCK_MS'] ?? 0)
const now = (): number => RealDate.now() + offsetMs

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args: unknown[], self) =>
    args.length === 0 ? new target(now()) : (Reflect.construct(target, args, self) as Date),
  apply: () => new RealDate(now()).toString(),
  get: (target, key) => (key === 'now' ? now : (Reflect.get(target, key) as unknown)),
})
