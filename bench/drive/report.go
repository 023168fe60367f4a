package drive

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"time"
)

// report notes every second what the process takes.
func report(w io.Writer) {
	for range time.Tick(time.Second) {
		note(w)
	}
}

// note tells in a line the bytes of the heap that are in use after a collection, the
// goroutines and the open files.
func note(w io.Writer) {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	files, _ := os.ReadDir("/proc/self/fd") // none tells of itself
	fmt.Fprintln(w, m.HeapAlloc, runtime.NumGoroutine(), len(files))
}
