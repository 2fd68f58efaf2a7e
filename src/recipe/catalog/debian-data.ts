import { aptRow, type CatalogRow } from "./catalog-row.ts";

/** Debian packages for data: JSON, CSV, XML, databases, arithmetic. */
export const debianData: readonly CatalogRow[] = [
  aptRow("jq", "jq", "Debian's build of jq"),
  aptRow("yq", "yq", "Debian's yq is kislyuk's Python wrapper of jq", {
    namedAs: { brew: ["python-yq"], python: ["yq"] },
    confusedWith: "mikefarah/yq, a Go program of the same name with another command line",
    publishedAs: { python: "yq" },
  }),
  aptRow("jo", "jo", "JSON from shell arguments"),
  aptRow("gron", "gron", "JSON as lines that grep can search", {
    publishedAs: { go: "github.com/tomnomnom/gron" },
  }),
  aptRow("jc", "jc", "output of common commands as JSON", { publishedAs: { python: "jc" } }),
  aptRow("miller", "mlr", "Miller: like awk for CSV and JSON"),
  aptRow(
    "csvkit",
    "csvcut csvgrep csvjoin csvlook csvsort csvstat in2csv csvsql csvjson sql2csv csvformat csvclean csvstack",
    "Debian's build of csvkit",
    { publishedAs: { python: "csvkit" } },
  ),
  aptRow("datamash", "datamash", "statistics on text columns"),
  aptRow("visidata", "vd visidata", "tables in the terminal", { publishedAs: { python: "visidata" } }),
  aptRow("xmlstarlet", "xmlstarlet", "queries and edits XML"),
  aptRow("libxml2-utils", "xmllint", "the XML checker of libxml2", { namedAs: { brew: ["libxml2"] } }),
  aptRow("xq", "xq", "formats and queries XML and HTML", {
    confusedWith: "the xq of kislyuk's yq, which takes jq's language",
  }),
  aptRow("xsltproc", "xsltproc", "XSL transformations", { namedAs: { brew: ["libxslt"] } }),
  aptRow("html-xml-utils", "hxselect hxnormalize", "the W3C's HTML tools"),
  aptRow("pup", "pup", "CSS selectors for HTML"),
  aptRow("sqlite3", "sqlite3", "the SQLite shell", { namedAs: { brew: ["sqlite"], apt: ["sqlite"] } }),
  aptRow("sqlfluff", "sqlfluff", "checks SQL", { publishedAs: { python: "sqlfluff" } }),
  aptRow("sqlite-utils", "sqlite-utils", "loads and edits SQLite databases", {
    publishedAs: { python: "sqlite-utils" },
  }),
  aptRow("litecli", "litecli", "a SQLite shell with completion", { publishedAs: { python: "litecli" } }),
  aptRow("postgresql-client-15", "psql pg_dump pg_restore", "the PostgreSQL client of bookworm", {
    namedAs: { brew: ["libpq", "postgresql"], apt: ["postgresql-client", "postgresql"] },
  }),
  aptRow("pgcli", "pgcli", "a PostgreSQL shell with completion", { publishedAs: { python: "pgcli" } }),
  aptRow("mariadb-client", "mariadb mysql mysqldump mysqladmin", "Debian's MySQL client is MariaDB's", {
    namedAs: {
      brew: ["mysql", "mysql-client", "mariadb"],
      apt: ["mysql-client", "default-mysql-client", "mariadb-client-core", "mysql"],
    },
  }),
  aptRow("mycli", "mycli", "a MySQL shell with completion", { publishedAs: { python: "mycli" } }),
  aptRow("redis-tools", "redis-cli", "the Redis client", { namedAs: { brew: ["redis"], apt: ["redis"] } }),
  aptRow("influxdb-client", "influx", "the InfluxDB 1 client", { namedAs: { brew: ["influxdb@1"] } }),
  aptRow("rrdtool", "rrdtool", "round-robin databases and their graphs"),
  aptRow("bc", "bc", "arbitrary precision arithmetic"),
  aptRow("dc", "dc", "reverse Polish arithmetic", { namedAs: { brew: ["bc"] } }),
  aptRow("units", "units", "GNU units", { namedAs: { brew: ["gnu-units"] } }),
  aptRow("qalc", "qalc", "the calculator of Qalculate", { namedAs: { brew: ["libqalculate"] } }),
  aptRow("calc", "calc", "a C-style calculator"),
  aptRow("octave", "octave octave-cli", "numerical mathematics"),
  aptRow("r-base-core", "R Rscript", "statistics", { namedAs: { brew: ["r"], apt: ["r-base"] } }),
  aptRow("maxima", "maxima", "computer algebra"),
  aptRow("pari-gp", "gp", "number theory", { namedAs: { brew: ["pari"] } }),
  aptRow("gdal-bin", "gdalinfo ogr2ogr gdal_translate", "geographic data", { namedAs: { brew: ["gdal"] } }),
  aptRow("osmium-tool", "osmium", "OpenStreetMap data"),
  aptRow("gpsbabel", "gpsbabel", "GPS tracks between formats"),
  aptRow("goaccess", "goaccess", "web server logs as reports"),
  aptRow("lnav", "lnav", "reads log files"),
];
