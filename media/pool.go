package media

import (
	"math/bits"
	"sync"
	"sync/atomic"
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
	// users are whoever has it: who got it, and its views.
	users atomic.Int32
	// of is whose memory a view shows; nil for a buffer of its own.
	of *Buffer
}

// pools holds the free buffers, one pool a power of two, views those without
// memory of their own.
var (
	pools [maxPoolBits + 1]sync.Pool
	views sync.Pool
)

// GetBuffer returns a buffer of n bytes with arbitrary contents. Release gives
// it back. Safe for concurrent use.
func GetBuffer(n int) *Buffer {
	class := max(bits.Len(uint(max(n, 1)-1)), minPoolBits)
	if class > maxPoolBits {
		b := &Buffer{B: make([]byte, n), class: unpooled}
		b.users.Store(1)
		return b
	}
	b, ok := pools[class].Get().(*Buffer)
	if !ok {
		b = &Buffer{whole: make([]byte, poolOffset+1<<class), class: class}
	}
	b.B = b.whole[poolOffset : poolOffset+n]
	b.users.Store(1)
	return b
}

// unpooled is the class of what the garbage collector gets.
const unpooled = -1

// View returns the bytes of b from one index to another as a buffer of its own,
// without a copy: nobody may change them from then on. The memory is free when b
// and all its views are released. The caller has b.
func (b *Buffer) View(from, to int) *Buffer {
	v, ok := views.Get().(*Buffer)
	if !ok {
		v = &Buffer{}
	}
	v.B, v.of = b.B[from:to:to], b
	if b.of != nil {
		v.of = b.of
	}
	v.of.users.Add(1)
	return v
}

// Shared tells whether somebody else has views of b.
func (b *Buffer) Shared() bool { return b.users.Load() > 1 }

// Release gives the buffer back to the pool; its bytes must not be used after.
func (b *Buffer) Release() {
	if of := b.of; of != nil {
		b.B, b.of = nil, nil
		views.Put(b)
		b = of
	}
	if b.users.Add(-1) == 0 && b.class != unpooled {
		b.B = nil
		pools[b.class].Put(b)
	}
}
