// Numbers as every page says them: shares with one decimal, Brier with four, differences with their sign.

/** `96.4 %`. Only all is 100.0 %, and only none is 0.0 %. */
export function sayShare(share: number): string {
  const tenths = Math.round(share * 1000)
  const honest = share <= 0 || share >= 1 ? tenths : Math.min(999, Math.max(1, tenths))
  return `${(honest / 10).toFixed(1)} %`
}

/** `0.2190`. */
export function sayBrier(brier: number): string {
  return brier.toFixed(4)
}

/** `+1.44`, `−0.0079`, `0.0` */
export function saySigned(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits)
  return Number(text) === 0 ? text : `${value < 0 ? '−' : '+'}${text}`
}

/** `2.35`: points of a game. */
export const sayPoints = (value: number) => value.toFixed(2)
