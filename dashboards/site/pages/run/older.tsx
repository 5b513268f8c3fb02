// run.html: what the history says of a run that has no page of its own. The browser finds it in the files of its job.

import { GOOD_RUN_DAYS } from '../../../../src/core/run.ts'
import type { ViewContext } from '../../../../src/views/context.ts'
import { toPage, type SiteFile } from '../../build.ts'
import { Frame } from '../../kit/layout.tsx'

export interface Shard {
  readonly path: string
  /** In which its job's page says times. */
  readonly zone: string
  readonly rows: readonly (readonly unknown[])[]
}

const DIGITS = '0123456789abcdef'
/** Signs of an id that tell it from others well enough; the line itself has the whole. */
const SIGNS = 8

/** Which file holds which run, in sixteen files by the first digit of its id: `data/runs/find-a.js`. */
export function indexFiles(shards: readonly Shard[]): SiteFile[] {
  return [...DIGITS].map((digit) => {
    const path = `runs/find-${digit}`
    const found = shards.flatMap(({ path: shard, zone, rows }) => {
      const ids = rows.map(([id]) => String(id)).filter((id) => id.startsWith(digit))
      return ids.length === 0 ? [] : [[shard, ids.map((id) => id.slice(0, SIGNS)).join(''), zone]]
    })
    return { path: `data/${path}.js`, text: `matchday.shard(${JSON.stringify(path)}, ${JSON.stringify(found)})\n` }
  })
}

/** `run.html`. */
export function renderOlderRun(site: ViewContext): SiteFile {
  return toPage(
    'run.html',
    <Frame site={site} path="run.html" title="An older run" description="What the history keeps of an older run.">
      <div id="older-run" data-repository={site.repositoryUrl}>
        <h1>This run has no page of its own.</h1>
        <p class="unfound">
          The newest runs of each job have one, with spans, errors and log. Of older runs the site keeps a line of their
          job&rsquo;s history. Good runs are removed after {GOOD_RUN_DAYS} days; what came of their slots is on{' '}
          <a href="slots.html">Slots</a>.
        </p>
        <p class="found empty">
          The line is looked up by a script. Without one, look for the run in its job&rsquo;s history, or in the ledger.
        </p>
        <dl class="facts" hidden />
        <h2>In the ledger</h2>
        <pre class="sql" tabindex={0}>
          {`select * from ledger.runs where id = '<the run>';
select * from ledger.spans where run_id = '<the run>' order by place;
select * from ledger.dead_letters where run_id = '<the run>';`}
        </pre>
      </div>
    </Frame>,
  )
}

/**
 * GitHub Pages shows this file for whatever is gone, at the address of what is gone: a run that had a page once leads to its
 * line of the history, and links, which are relative, are made to begin at the site's root. Where that is, the address says:
 * before the repository's name, or before a folder of the site. A path that begins with two slashes would, as a link, name
 * another host, so that whoever wrote the link would choose the scripts: it counts as one.
 */
function leadOn(repository: string): string {
  return `
var path = location.pathname.replace(/^\\/+/, '/')
var run = /^(.*\\/)runs\\/([0-9a-f-]{36})\\.html$/.exec(path)
if (run) location.replace(run[1] + 'run.html?id=' + run[2])
else if (!/\\/404\\.html$/.test(path)) {
  var name = ${JSON.stringify(`/${repository}/`)}
  var folder = /^(.*?\\/)(?:jobs|runs|data|badges|assets)\\//.exec(path)
  var root = path.startsWith(name) ? name : folder ? folder[1] : path.replace(/[^/]*$/, '')
  var lead = function (scripts) {
    document.querySelectorAll('[href], [src]').forEach(function (element) {
      var attribute = element.hasAttribute('href') ? 'href' : 'src'
      var value = element.getAttribute(attribute)
      var isScript = element.tagName === 'SCRIPT'
      if (isScript !== scripts || /^([#/]|[a-z]+:)/.test(value)) return
      var own = isScript ? document.createElement('script') : element
      own.setAttribute(attribute, root + value)
      if (isScript) element.replaceWith(own)
    })
  }
  lead(false)
  document.addEventListener('DOMContentLoaded', function () { lead(false); lead(true) })
}
`.trim()
}

/** `404.html`. */
export function renderGone(site: ViewContext): SiteFile {
  const repository =
    site.repositoryUrl
      ?.split('/')
      .at(-1)
      ?.replaceAll(/[^\w.-]/g, '') || '-'
  const script = leadOn(repository)
  return toPage(
    '404.html',
    <Frame
      site={site}
      path="404.html"
      title="Not here"
      description="This page is not, or no longer, on the site."
      inlineScripts={[script]}
    >
      <h1>This page is not on the site.</h1>
      <p>
        Pages of runs are kept for the newest runs of each job. Begin at the <a href="index.html">Overview</a>.
      </p>
      <script dangerouslySetInnerHTML={{ __html: script }} />
    </Frame>,
  )
}
