package drive

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"time"
)

// report tells every second, in a line, the bytes of the heap that are in use, the
// goroutines and the open files.
func report(w io.Writer) {
	for range time.Tick(time.Second) {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		files, _ := os.ReadDir("/proc/self/fd") // none tells of itself
		fmt.Fprintln(w, m.HeapAlloc, runtime.NumGoroutine(), len(files))
	}
}
