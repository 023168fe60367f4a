package chunk

const (
	// blockSize holds the headers of some 90 messages, more than are usually
	// written at once.
	blockSize = 4096
	// keepBlocks bounds what stays allocated after a batch larger than any
	// usual one: 64 KiB, some 1400 messages.
	keepBlocks = 16
)

// arena gives out small pieces of memory that stay where they are until reset.
type arena struct {
	blocks [][]byte
	at     int // the block in use
	used   int // bytes of it
}

// take returns an empty slice with room for n bytes, n ≤ blockSize.
func (a *arena) take(n int) []byte {
	if len(a.blocks) == 0 {
		a.blocks = append(a.blocks, make([]byte, blockSize))
	}
	if a.used+n > blockSize {
		a.at, a.used = a.at+1, 0
		if a.at == len(a.blocks) {
			a.blocks = append(a.blocks, make([]byte, blockSize))
		}
	}
	return a.blocks[a.at][a.used : a.used : a.used+n]
}

// keep ends the piece taken last after n bytes.
func (a *arena) keep(n int) { a.used += n }

func (a *arena) reset() {
	if len(a.blocks) > keepBlocks {
		clear(a.blocks[keepBlocks:])
		a.blocks = a.blocks[:keepBlocks]
	}
	a.at, a.used = 0, 0
}
