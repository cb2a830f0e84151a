"""How the page looks: light, dark, on paper and on a narrow screen; one style sheet, nothing from outside."""

from __future__ import annotations

import base64
import hashlib

STYLE = """
:root{color-scheme:light dark;--page:#faf9f5;--card:#ffffff;--ink:#1d1c1a;--soft:#57544e;--line:#d9d5cb;--accent:#0b5a63;
--bar:#1f7a85;--request:#5d6b82;--track:#efece4;--warn:#8f2f12;--warn-page:#fbe9df;--good:#1f6136;--good-page:#e3f1e6;--code:#f1eee6}
@media (prefers-color-scheme:dark){:root{--page:#15171a;--card:#1d2024;--ink:#eceae4;--soft:#b3afa6;--line:#3a3e44;--accent:#7fd0d8;
--bar:#4fb0ba;--request:#8a97ad;--track:#24282d;--warn:#ffb59a;--warn-page:#43241a;--good:#9fdcb0;--good-page:#1d3726;--code:#272b30}}
*{box-sizing:border-box}
html{font:17px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink)}
.banner{background:var(--warn-page);color:var(--warn);border-bottom:2px solid var(--warn);padding:.7rem 1.25rem;text-align:center}
.banner p{max-width:none;margin:0}
.banner strong{letter-spacing:.14em}
main,header,footer{max-width:62rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2.2rem}
h1{font:600 2.3rem/1.15 Georgia,"Noto Serif",serif;margin:0 0 .5rem;text-wrap:balance}
h2{font:600 1.5rem/1.25 Georgia,"Noto Serif",serif;margin:3rem 0 .6rem}
h3{font-size:1.08rem;line-height:1.35;margin:1.2rem 0 .3rem}
p{margin:.4rem 0 .9rem;max-width:46rem}
.soft,footer{color:var(--soft)}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.8rem;margin:1.6rem 0 0;padding:0;list-style:none}
.figures li{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.8rem 1rem}
.figures b{display:block;font:600 2rem/1.1 Georgia,"Noto Serif",serif;color:var(--accent);font-variant-numeric:tabular-nums}
.figures span{color:var(--soft);font-size:.88rem;line-height:1.35;display:block;margin-top:.25rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:1.1rem 1.2rem;margin:1rem 0}
svg{display:block;width:100%;height:auto}
svg text{font-family:inherit;fill:var(--ink);font-size:16px}
svg .step-number{fill:var(--soft)}svg .step-word{font-weight:600}
svg .step-count{font-weight:700;font-size:17px;fill:var(--ink);text-anchor:end}svg .step-ended{fill:var(--warn);font-size:15px}
svg .track{fill:var(--track);opacity:.55}svg .bar,svg .flow{fill:var(--bar)}svg .side-request .bar,svg .side-request .flow{fill:var(--request)}
svg .flow{opacity:.22}svg .exit{fill:none;stroke:var(--warn);stroke-width:1.5}
svg .wall{stroke:var(--ink);stroke-width:1.5;stroke-dasharray:2 4}svg .wall-word{text-anchor:end;font-size:13px;fill:var(--soft)}
.funnel-narrow{display:none}
table{border-collapse:collapse;width:100%;font-size:.92rem;line-height:1.45}
caption{text-align:left;color:var(--soft);font-size:.88rem;padding:0 0 .5rem}
th,td{text-align:left;vertical-align:top;padding:.5rem .7rem .5rem 0;border-top:1px solid var(--line)}
thead th{border-top:0;color:var(--soft);font-weight:600;font-size:.82rem}
tbody th{font-weight:600}
td:last-child,thead th:last-child{padding-right:0}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.number+.words{padding-left:.9rem}
code{font:.86em/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,"Noto Sans Mono",monospace;background:var(--code);border-radius:.25rem;
padding:.1em .35em;overflow-wrap:anywhere}
pre{background:var(--code);border-radius:.5rem;padding:.8rem 1rem;margin:.5rem 0 .3rem;white-space:pre-wrap;overflow-wrap:anywhere}
pre code{background:none;padding:0}
.letter{display:inline-block;min-width:1.6em;text-align:center;border:1.5px solid currentColor;border-radius:.3rem;font-weight:700;padding:0 .25em}
.good{color:var(--good)}.bad{color:var(--warn)}
.mark{display:inline-block;border-radius:.3rem;padding:.02em .5em;font-size:.85em;font-weight:600;white-space:nowrap}
.mark.good{background:var(--good-page)}.mark.bad,.mark.script{background:var(--warn-page);color:var(--warn)}
.walk{list-style:none;margin:.6rem 0 0;padding:0 0 0 1.3rem;border-left:3px solid var(--bar)}
.walk li{position:relative;margin:0 0 1rem}
.walk li::before{content:"";position:absolute;left:calc(-1.3rem - 8px);top:.45em;width:.7rem;height:.7rem;border-radius:50%;background:var(--card);
border:3px solid var(--bar)}
.walk b{margin-right:.4rem}
.walk .where{display:block;color:var(--soft);font-size:.88rem;margin-top:.15rem}
.sheet{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.9rem 1.2rem;margin:1rem 0}
.sheet .number{white-space:normal}
main ul{padding-left:1.2rem;max-width:46rem}
section table+table{margin-top:1.6rem}
.two{display:grid;grid-template-columns:1fr 1fr;gap:1rem}
.two .card{margin:0}
h4{font-size:1rem;line-height:1.4;margin:0 0 .3rem}
blockquote{margin:0 0 .8rem;padding:.1rem 0 .1rem 1rem;border-left:3px solid var(--bar);font-family:Georgia,"Noto Serif",serif;overflow-wrap:anywhere}
.beside{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:1.6rem}
.rule{border-top:1px solid var(--line);padding:.8rem 0 .4rem}.rule:first-child{border-top:0;padding-top:0}
.rule p{margin:.2rem 0 .4rem;overflow-wrap:anywhere}.plain{list-style:none;padding:0;margin:.2rem 0 .8rem;overflow-wrap:anywhere}
.outcomes{list-style:none;padding:0;margin:.4rem 0;font-size:.9rem}.outcomes ul{margin:.15rem 0 .5rem;padding-left:1.1rem;color:var(--soft)}
footer{padding-top:2rem;padding-bottom:3rem;font-size:.88rem}
.beside>:first-child{position:sticky;top:1rem;align-self:start}
@media (max-width:52rem){.beside>:first-child{position:static}.two,.beside{grid-template-columns:minmax(0,1fr)}}
@media (max-width:46rem){.funnel-wide{display:none}.funnel-narrow{display:block}}
@media (max-width:40rem){h1{font-size:1.75rem}h2{font-size:1.3rem;margin-top:2.2rem}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table,caption,tbody,tr,td,tbody th{display:block}
tbody tr{border-top:1px solid var(--line);padding:.55rem 0}
td,tbody th,td.number{border:0;padding:.08rem 0;text-align:left;white-space:normal}
td::before{content:attr(data-label) ": ";color:var(--soft)}}
@media print{:root{--page:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--accent:#0b5a63;--bar:#1f7a85;--request:#5d6b82;--track:#eee;--warn:#8f2f12;
--warn-page:#fff;--good:#1f6136;--good-page:#fff;--code:#f4f4f4}
html{font-size:10.5pt}.beside>:first-child{position:static}main,header,footer{max-width:none}h2{break-after:avoid}tr,li,.card p,svg{break-inside:avoid}
.bar,.track,.flow{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
"""


def style_hash() -> str:
    """Return the content security policy's name for exactly this style sheet (CSP Level 3, ``sha256-``)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
