import { serveThread } from "../host/serve-thread.ts";
import { mirrorTasks } from "./mirror-tasks.ts";

// What the thread of `openMirrorThread` runs; the build gives it a file of its own.
serveThread(mirrorTasks);
