import CLZMA

/// liblzma's state for one block after the other.
final class XZBlockCoder {
    enum Beginning {
        case begun
        case failed(lzma_ret)
        /// The memory that it would take, in bytes.
        case tooLarge(UInt64)
    }

    // Have fixed addresses: liblzma's state points at them.
    private let stream: UnsafeMutablePointer<lzma_stream>
    private let block: UnsafeMutablePointer<lzma_block>
    private let filters: XZFilters

    init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: lzma_stream())
        block = .allocate(capacity: 1)
        block.initialize(to: lzma_block())
        filters = XZFilters()
    }

    deinit {
        lzma_end(stream)
        stream.deallocate()
        block.deallocate()
    }

    /// The sizes of the block that has ended.
    var unpaddedSize: lzma_vli { lzma_block_unpadded_size(block) }
    var uncompressedSize: lzma_vli { block.pointee.uncompressed_size }

    /// Whether a block's head begins here, with the right checksum. Not one of more than 64 bytes, which nobody writes.
    static func isHead(_ bytes: UnsafeRawBufferPointer) -> Bool {
        // The size, then flags of which some are reserved: rules out most places without their checksum.
        guard bytes.count > 1, bytes[0] != 0, bytes[0] < 16, bytes[1] & 0x3C == 0 else { return false }
        let length = Int(bytes[0]) * 4
        guard bytes.count >= length + 4 else { return false }
        let stored = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: length, as: UInt32.self))
        return lzma_crc32(XZDecoder.base(bytes), length, 0) == stored
    }

    /// Begins a block by its head, of which all bytes are there.
    func begin(_ bytes: UnsafeRawBufferPointer, _ check: lzma_check, maxDictionary: UInt64) -> Beginning {
        block.pointee = lzma_block()
        let result = filters.decode(block, bytes, check)
        guard result == LZMA_OK else { return .failed(result) }
        let needed = lzma_raw_decoder_memusage(filters.list)
        // Beside the dictionary, some tables.
        if needed > maxDictionary + (1 << 20), needed != .max { return .tooLarge(needed) }
        let begun = lzma_block_decoder(stream, block)
        return begun == LZMA_OK ? .begun : .failed(begun)
    }

    /// Decodes as far as there are bytes and room.
    func decode(
        _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
    ) -> (used: Int, written: Int, result: lzma_ret) {
        stream.pointee.next_in = XZDecoder.base(source)
        stream.pointee.avail_in = source.count
        stream.pointee.next_out = target.bindMemory(to: UInt8.self).baseAddress
        stream.pointee.avail_out = target.count
        let result = lzma_code(stream, LZMA_RUN)
        return (source.count - stream.pointee.avail_in, target.count - stream.pointee.avail_out, result)
    }
}

/// The list of filters that a block's head names, with the options that liblzma allocates for them.
private final class XZFilters {
    let list: UnsafeMutablePointer<lzma_filter>

    init() {
        list = .allocate(capacity: Int(LZMA_FILTERS_MAX) + 1)
        list.initialize(repeating: lzma_filter(id: .max, options: nil), count: Int(LZMA_FILTERS_MAX) + 1)
    }

    deinit {
        lzma_filters_free(list, nil)
        list.deallocate()
    }

    /// Reads a head into a block and this list.
    func decode(
        _ block: UnsafeMutablePointer<lzma_block>, _ bytes: UnsafeRawBufferPointer, _ check: lzma_check
    ) -> lzma_ret {
        lzma_filters_free(list, nil)
        block.pointee.version = 1
        block.pointee.check = check
        block.pointee.header_size = (UInt32(bytes[0]) + 1) * 4
        block.pointee.filters = list
        return lzma_block_header_decode(block, nil, XZDecoder.base(bytes))
    }
}
