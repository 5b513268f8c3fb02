// A wall clock that is not the machine's, for a process that is loaded with it. The monotonic clock goes on as it did.

const RealDate = Date

/** From now on this process's wall clock is as far from the machine's as `offsetMs` says each time. */
export function setWallClock(offsetMs: () => number): void {
  const now = (): number => RealDate.now() + offsetMs()
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args: unknown[], self) =>
      args.length === 0 ? new target(now()) : (Reflect.construct(target, args, self) as Date),
    apply: () => new RealDate(now()).toString(),
    get: (target, key) => (key === 'now' ? now : (Reflect.get(target, key) as unknown)),
  })
}
