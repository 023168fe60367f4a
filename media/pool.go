package media

import (
	"math/bits"
	"sync"
)

const (
	// poolOffset keeps payloads off the start of a memory page: a small header
	// and a page-aligned payload in one vectored write cost twice as much
	// (4K aliasing).
	poolOffset = 192
	// minPoolBits and maxPoolBits bound the classes that are kept: 1 KiB to
	// 4 MiB. Larger buffers are left to the garbage collector.
	minPoolBits = 10
	maxPoolBits = 22
)

// Buffer is a recycled piece of memory. It is a Releaser, so that a packet can
// own it.
type Buffer struct {
	// B has the length asked for.
	B     []byte
	whole []byte
	class int
}

// pools holds the free buffers, one pool a power of two.
var pools [maxPoolBits + 1]sync.Pool

// GetBuffer returns a buffer of n bytes with arbitrary contents. Release gives
// it back. Safe for concurrent use.
func GetBuffer(n int) *Buffer {
	class := max(bits.Len(uint(max(n, 1)-1)), minPoolBits)
	if class > maxPoolBits {
		return &Buffer{B: make([]byte, n), class: -1}
	}
	b, ok := pools[class].Get().(*Buffer)
	if !ok {
		b = &Buffer{whole: make([]byte, poolOffset+1<<class), class: class}
	}
	b.B = b.whole[poolOffset : poolOffset+n]
	return b
}

// Release gives the buffer back to the pool; its bytes must not be used after.
func (b *Buffer) Release() {
	if b.class >= 0 {
		b.B = nil
		pools[b.class].Put(b)
	}
}
