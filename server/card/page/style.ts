// The stylesheet of the emergency page: inside the page, no font, no other host. Allowed by its hash alone.
import { createHash } from 'node:crypto';

const light = `--paper:#fff;--ink:#13201e;--ink2:#43514e;--ink3:#5a6763;--line:#d5dcd6;--edge:#74817d;--act:#0b5c63;--on:#fff;--hover:#07464c;
--brass:#75550c;--mark:#a1761a;--red:#8a0f14;--sealed:#4a4657;--tint:#eceaf0;--warn:#9e151a;--warnt:#fbe9e6;--sunk:#e9ede8;--focus:#13201e`;
const dark = `--paper:#0d1413;--ink:#e9efec;--ink2:#b6c2be;--ink3:#96a39f;--line:#2b3734;--edge:#71807c;--act:#74cbc8;--on:#05211f;--hover:#9addda;
--brass:#e0bd6e;--mark:#c79a3f;--red:#7e0f14;--sealed:#c3bdd3;--tint:#262330;--warn:#ff9e94;--warnt:#371817;--sunk:#090e0d;--focus:#fff`;

const css = `:root{color-scheme:light dark;${light}}
@media (prefers-color-scheme:dark){:root{${dark}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.375 system-ui,"Noto Sans","Noto Sans Devanagari",sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:break-word}
:lang(hi){line-height:1.55}
h1,h2,h3,p,ul,dl,dd{margin:0;padding:0}
ul{list-style:none}
svg[hidden]{position:absolute}
svg{flex:none;fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
a{color:var(--act)}
.cut{stroke:var(--paper)}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px}
.top,main,.in{max-width:66rem;margin:0 auto}
.top,.who,.in,.body,.call{padding-left:.875rem;padding-right:.875rem}
.top{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 1rem;align-items:center;min-height:2.75rem;font-weight:600;font-size:.9375rem}
.top a{font-weight:400;padding:.375rem 0;min-height:1.5rem}
header{border-bottom:1px solid var(--line)}
.mode{background:var(--tint);color:var(--sealed);font-weight:600;padding:.5rem 0}
.who{display:flex;gap:.75rem;padding-top:.75rem;padding-bottom:.75rem;font-size:.9375rem;line-height:1.3125}
.who:lang(hi){line-height:1.45}
.who>div{min-width:0}
.pic{flex:none;width:4.5rem;height:5.5rem;border-radius:3px;object-fit:cover;background:var(--sunk);color:var(--ink2);display:grid;place-items:center;font-size:1.5rem;font-weight:600}
h1{font-size:1.5625rem;line-height:1.15;margin-bottom:.25rem}
h1 span{font-size:1rem;font-weight:400;color:var(--ink2)}
.gone{font-weight:700}
.danger{background:var(--red);color:#fff;padding:.75rem 0 .5rem;-webkit-print-color-adjust:exact;print-color-adjust:exact;forced-color-adjust:none}
.danger h2{display:flex;align-items:center;gap:.5rem;font-size:1.0625rem;line-height:1.2;padding-bottom:.5rem}
.danger h2 span{font-weight:400;padding-left:.25rem}
.danger li{border-top:1px solid rgba(255,255,255,.45);padding:.3125rem 0 .5rem}
.danger h3{font-size:1.375rem;line-height:1.2;font-weight:700}
.danger h3:lang(hi){line-height:1.35}
.danger p{line-height:1.3}
.danger:focus-visible,.danger :focus-visible{outline-color:#fff}
.danger.quiet{background:var(--sunk);color:var(--ink);forced-color-adjust:auto}
.danger.quiet li{border-top-color:var(--edge)}
.call{display:flex;flex-wrap:wrap;align-items:center;gap:.375rem 1rem;padding-top:.5rem;padding-bottom:.5rem;border-bottom:1px solid var(--line);min-height:3.875rem}
.call>div{flex:1 1 8rem;min-width:0;line-height:1.2;font-size:.9375rem}
.h3,.call b{display:block;font-size:1.0625rem;line-height:1.25;font-weight:600;margin:0}
.btn{display:inline-flex;align-items:center;justify-content:center;gap:.625rem;min-height:2.875rem;min-width:7.75rem;padding:.375rem 1.125rem;border:1.5px solid var(--act);border-radius:4px;color:var(--act);background:none;font:inherit;font-weight:600;text-decoration:none;text-align:center;cursor:pointer}
.btn.first{background:var(--act);color:var(--on)}
.btn.first:hover{background:var(--hover)}
.num{display:none}
.body{padding-bottom:3rem}
section{break-inside:avoid-page}
.body>section,.body>.grid>section{margin-top:1.625rem;border-top:2px solid var(--ink);padding-top:.625rem}
.body h2{font-size:1.1875rem;line-height:1.25;margin-bottom:.75rem}
.body h2 span{font-size:.9375rem;font-weight:400;color:var(--ink2);padding-left:.25rem}
.fact,.none{padding-left:.75rem;border-left:4px solid var(--act);margin-bottom:.75rem;forced-color-adjust:none;break-inside:avoid}
.fact+.fact,.fact+.none{margin-top:1.375rem;position:relative}
.fact+.fact:before{content:"";position:absolute;left:-4px;right:0;top:-.6875rem;border-top:1px solid var(--line)}
.self{border-left-style:dotted;border-left-color:var(--ink3)}
.fact b,.none b{display:block;font-size:1.0625rem;font-weight:600}
.src{display:flex;gap:.5rem;color:var(--ink2);font-size:.875rem;padding-top:.1875rem}
.src svg{margin-top:.125rem;color:var(--act)}
.self .src svg{color:var(--ink3)}
.blank{color:var(--ink2)}
.kept{display:flex;gap:.5rem;align-items:center;background:var(--tint);color:var(--sealed);padding:.375rem .75rem .375rem 1.125rem;min-height:2.25rem;position:relative}
.kept:before{content:"";position:absolute;inset:0 auto 0 0;width:8px;background:repeating-linear-gradient(135deg,var(--sealed) 0 2px,transparent 2px 5px);-webkit-print-color-adjust:exact;print-color-adjust:exact}
dl>div{display:flex;flex-wrap:wrap;gap:.125rem .75rem;padding:.625rem 0;border-bottom:1px solid var(--line)}
dl>div:first-child{padding-top:0}
dt{flex:0 0 7.75rem;color:var(--ink2);font-size:.9375rem}
dd{flex:1 1 11rem;min-width:0}
dd .fact,dd .none{border:0;padding:0;margin:0}
dd .fact+.fact{margin-top:.5rem}
dd .fact+.fact:before{display:none}
dd .fact b,dd .none b{font-size:1rem}
dd .fact b{font-weight:400}
dd .kept{background:none;padding:0;min-height:0;color:inherit}
dd .kept:before{display:none}
.form{display:flex;flex-wrap:wrap;gap:.5rem;margin:.75rem 0}
label{flex:1 0 100%;font-size:.9375rem;font-weight:600}
input{flex:1 1 9rem;min-width:0;min-height:3.25rem;padding:0 1rem;border:1.5px solid var(--edge);border-radius:4px;background:var(--paper);color:var(--ink);font:inherit;font-size:1.25rem}
textarea{flex:1 0 100%;min-width:0;padding:.75rem 1rem;border:1.5px solid var(--edge);border-radius:4px;background:var(--paper);color:var(--ink);font:inherit}
.form .btn{min-height:3.25rem}
.bad{background:var(--warnt);color:var(--warn);padding:.625rem .75rem;margin:.75rem 0;font-weight:600}
.proof{display:flex;gap:.5rem;align-items:center;color:var(--brass);font-weight:600;font-size:.9375rem;padding:.5rem 0}
.proof svg{color:var(--mark)}
.small{color:var(--ink2);font-size:.875rem}
.note{max-width:66ch;text-wrap:pretty}
.plain{padding:2.5rem .875rem 3rem}
.plain h1{margin-bottom:1rem;max-width:24ch;text-wrap:balance}
.plain p{margin-bottom:.75rem;max-width:46ch}
.plain .btn{margin:.75rem 0}
@media (max-width:20.5rem){.who{gap:.625rem}.pic{width:3.75rem;height:4.625rem}dt{flex-basis:100%}}
@media (min-width:48rem){.top,.who,.in,.body,.call,.plain{padding-left:1.5rem;padding-right:1.5rem}.danger ul{display:grid;grid-template-columns:1fr 1fr;gap:0 3rem}.danger li:first-child:last-child{grid-column:1/-1}.calls{display:grid;grid-template-columns:1fr 1fr}.call>div{flex-basis:6rem}}
@media (min-width:64rem){h1{font-size:1.75rem}.grid{display:grid;grid-template-columns:1fr 1fr;gap:0 3rem;align-items:start}.grid .wide{grid-column:1/-1}.form{max-width:26rem}dl{display:grid;grid-template-columns:1fr 1fr;gap:0 3rem;align-items:start}dl>div:nth-child(2){padding-top:0}}
@media print{:root{color-scheme:light;${light}}@page{size:A4;margin:11mm}body,:lang(hi){line-height:1.25}body{font-size:9pt}.top a,.need,.btn,.mode{display:none}.num{display:inline}.grid,.calls,.danger ul,dl{display:grid;grid-template-columns:1fr 1fr;gap:0 8mm;align-items:start}.top,.who,.in,.body,.call,.plain{padding-left:3mm;padding-right:3mm}.body{padding-bottom:0}.body>section,.body>.grid>section{margin-top:2.5mm;padding-top:1.5mm}.body h2{margin-bottom:1.5mm;font-size:11pt}.fact,.none{margin-bottom:1.5mm}.fact+.fact{margin-top:1.5mm}.fact+.fact:before{display:none}.fact b,.none b{font-size:10pt}.call,.top{min-height:0;padding-top:1mm;padding-bottom:1mm}.who{padding-top:2mm;padding-bottom:2mm}.danger{padding:1.5mm 0}.danger li{padding:1mm 0}.danger h3{font-size:12.5pt}.danger h3:lang(hi){line-height:1.3}h1{font-size:16pt}dl>div{padding:1mm 0}.src,.small{font-size:8.5pt;padding-top:0}.src svg{width:11px;height:11px}.pic{width:17mm;height:21mm}}`;

/** One line, as it stands between the tags: the hash is over exactly these bytes. */
export const style = css.replace(/\n/g, '');

export const styleSource = `'sha256-${createHash('sha256').update(style, 'utf8').digest('base64')}'`;
