import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { newProfile, openKillableBrowser, startStorageSite } from './storage_page/lab.mjs';
const site = await startStorageSite();
const profile = await newProfile();
const folder = async () => { const d = join(profile.folder,'Default','IndexedDB'); return join(d,(await readdir(d)).find(n=>n.endsWith('.leveldb'))); };
const browser = await openKillableBrowser(profile);
const page = await browser.context.newPage();
await page.goto(site.url+'nothing');
const open = () => page.evaluate(async (mb)=>{ globalThis.db = await new Promise((r,j)=>{ const o=indexedDB.open('x',1); o.onupgradeneeded=()=>o.result.createObjectStore('s'); o.onsuccess=()=>r(o.result); o.onerror=()=>j(o.error);}); 
  await new Promise((r)=>{ const t=db.transaction('s','readwrite',{durability:'strict'}); for(let i=0;i<mb*18;i++) t.objectStore('s').put(new Uint8Array(57344),i); t.oncomplete=r; }); }, 9);
await open();
let ino=(await stat(join(await folder(),'LOG'))).ino;
for (const wait of [100,500,1000,1500,1900,2100,2500,3000,4000,6000]) {
  await page.evaluate(()=>db.close());
  await new Promise(r=>setTimeout(r,wait));
  await open();
  const now=(await stat(join(await folder(),'LOG'))).ino;
  console.log(wait, now!==ino ? 'reopened':'same');
  ino=now;
}
console.log(await readFile(join(await folder(),'LOG'),'utf8'));
await browser.kill(); await site.close(); await profile.remove();
