// On the pages where one signs in: remembers the browser's time zone for the hour in which somebody may be new here.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `zone=${encodeURIComponent(zone)}; Path=/; Max-Age=3600; SameSite=Lax${secure}`;
}
