// Loaded into a process before its program: the machine's wall clock jumps a day ahead, and later an hour back, while the
// monotonic clock goes on. As after a suspended machine or a correction of its clock.

const DAY = 86_400_000
const HOUR = 3_600_000

const RealDate = Date
let offsetMs = 0
for (const [afterMs, jump] of [[700, DAY], [2000, -HOUR]] as const) setTimeout(() => (offsetMs = jump), afterMs).unref() // prettier-ignore

const now = (): number => RealDate.now() + offsetMs

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args: unknown[], self) =>
    args.length === 0 ? new target(now()) : (Reflect.construct(target, args, self) as Date),
  apply: () => new RealDate(now()).toString(),
  get: (target, key) => (key === 'now' ? now : (Reflect.get(target, key) as unknown)),
})
